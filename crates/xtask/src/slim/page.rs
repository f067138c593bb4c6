//! index.html: what it loads, and how it says so once that has other names.

use std::collections::BTreeMap;

/// What Trunk's page loads, by the names of the files.
#[derive(Debug, PartialEq, Eq)]
pub struct Loads {
    /// The style sheets, in their order.
    pub styles: Vec<String>,
    /// The script that starts the door.
    pub boot: String,
    /// The door's glue.
    pub glue: String,
    /// The door's module.
    pub wasm: String,
    /// The icon, if there is any.
    pub icon: Option<String>,
    /// What is loaded later on, by templates.
    pub parts: Vec<Part>,
}

/// A part of the app that the page has a template for, by the names of its files.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// The template's `id`.
    pub name: String,
    /// Its glue.
    pub glue: String,
    /// Its module.
    pub wasm: String,
    /// Its style sheet.
    pub style: String,
}

/// What it is to load instead.
#[derive(Debug, PartialEq, Eq)]
pub struct Instead {
    /// The one style sheet, if there is any.
    pub style: Option<File>,
    /// The one script.
    pub script: File,
    /// The door's module.
    pub wasm: File,
    /// Everything else that has another name, by the old one.
    pub others: BTreeMap<String, File>,
}

/// A file that browsers check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// The hash that browsers compare it with, as in `sha256-…`.
    pub integrity: String,
}

/// The page without the places for a nonce that only Trunk's own server fills in (Trunk.toml).
pub fn without_nonces(html: &str) -> String {
    html.replace(" nonce=\"{{__TRUNK NONCE__}}\"", "")
}

/// Finds out what a page loads.
pub fn loads(html: &str) -> Option<Loads> {
    let tags = tags(html);
    let styles = tags.iter().filter(|tag| tag.is_style()).filter_map(|tag| tag.get("href"));
    let script = tags.iter().find(|tag| tag.is_start())?;
    let icon = tags.iter().find(|tag| tag.get("rel") == Some("icon")).and_then(|tag| tag.get("href"));
    let templates = tags.iter().filter(|tag| tag.name == "template");
    Some(Loads {
        styles: styles.map(|url| file_name(url).to_owned()).collect(),
        boot: file_name(script.get("src")?).to_owned(),
        glue: file_name(script.get("data-js")?).to_owned(),
        wasm: file_name(script.get("data-wasm")?).to_owned(),
        icon: icon.map(|url| file_name(url).to_owned()),
        parts: templates.map(|template| part(template, &tags)).collect::<Option<_>>()?,
    })
}

fn part(template: &Tag<'_>, tags: &[Tag<'_>]) -> Option<Part> {
    let name = template.get("id")?;
    let inside = |attribute| tags.iter().filter(|tag| tag.template == Some(name)).find_map(|tag| tag.get(attribute));
    Some(Part {
        name: name.to_owned(),
        glue: file_name(inside("src")?).to_owned(),
        wasm: file_name(template.get("data-wasm")?).to_owned(),
        style: file_name(inside("href")?).to_owned(),
    })
}

/// The page with other files in the places of Trunk's, and without what only its authors read.
pub fn rewritten(html: &str, loads: &Loads, instead: &Instead) -> String {
    let mut out = String::new();
    let mut end = 0;
    let mut style = instead.style.as_ref();
    for tag in tags(html) {
        let Some(new) = replacement(&tag, loads, instead, &mut style) else { continue };
        out.push_str(html.get(end..tag.begin).unwrap_or_default());
        out.push_str(&new);
        end = tag.end;
    }
    out.push_str(html.get(end..).unwrap_or_default());
    squeezed(&without_comments(&out))
}

fn replacement(tag: &Tag<'_>, loads: &Loads, instead: &Instead, style: &mut Option<&File>) -> Option<String> {
    if tag.is_style() {
        return Some(style.take().map_or_else(String::new, |style| {
            let url = beside(tag.get("href").unwrap_or_default(), &style.name);
            format!("<link rel=\"stylesheet\" href=\"{url}\" integrity=\"{}\">", style.integrity)
        }));
    }
    let url = |attribute, name: &str| Some(beside(tag.get(attribute).unwrap_or_default(), name));
    let other = |attribute| instead.others.get(file_name(tag.get(attribute)?));
    if tag.is_start() {
        // Whatever else the starter finds itself by stays; the door it would import is in it.
        let script = &instead.script;
        let new = [
            ("src", url("src", &script.name)),
            ("data-js", None),
            ("crossorigin", Some("anonymous".into())),
            ("integrity", Some(script.integrity.clone())),
            ("data-wasm", url("data-wasm", &instead.wasm.name)),
            ("data-integrity", Some(instead.wasm.integrity.clone())),
        ];
        return Some(tag.with(&new));
    }
    match tag.name {
        "template" => {
            let wasm = other("data-wasm")?;
            let new = [("data-wasm", url("data-wasm", &wasm.name)), ("data-integrity", Some(wasm.integrity.clone()))];
            return Some(tag.with(&new));
        }
        "script" => {
            // No module: a browser asks for those only once, whether they arrive or not.
            let script = other("src")?;
            let new = [
                ("type", None),
                ("src", url("src", &script.name)),
                ("crossorigin", Some("anonymous".into())),
                ("integrity", Some(script.integrity.clone())),
            ];
            return Some(tag.with(&new));
        }
        _ => {}
    }
    let href = tag.get("href")?;
    match tag.get("rel")? {
        "modulepreload" if file_name(href) == loads.glue => Some(String::new()),
        "preload" if file_name(href) == loads.wasm => {
            // Its type is of use to none that could not run it anyway.
            Some(tag.with(&[("href", url("href", &instead.wasm.name)), ("integrity", None), ("type", None)]))
        }
        "stylesheet" => {
            let style = other("href")?;
            Some(tag.with(&[("href", url("href", &style.name)), ("integrity", Some(style.integrity.clone()))]))
        }
        // No browser checks an icon.
        "icon" => Some(tag.with(&[("href", url("href", &other("href")?.name)), ("integrity", None)])),
        _ => None,
    }
}

fn file_name(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

/// The address of `name` in the folder that `url` is in.
fn beside(url: &str, name: &str) -> String {
    let folder = url.len() - file_name(url).len();
    format!("{}{name}", url.get(..folder).unwrap_or_default())
}

struct Tag<'a> {
    begin: usize,
    end: usize,
    name: &'a str,
    attributes: Vec<(&'a str, Option<&'a str>)>,
    /// The `id` of the template that it is in.
    template: Option<&'a str>,
}

impl<'a> Tag<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(attribute, _)| *attribute == name)?.1
    }

    /// A style sheet of the page's for all media and so on, which can be put together with others.
    fn is_style(&self) -> bool {
        let plain = |(name, _): &(&str, Option<&str>)| ["rel", "href", "integrity"].contains(name);
        self.template.is_none()
            && self.name == "link"
            && self.get("rel") == Some("stylesheet")
            && self.attributes.iter().all(plain)
    }

    fn is_start(&self) -> bool {
        self.name == "script" && self.get("data-wasm").is_some()
    }

    /// The same with these values for these attributes, and without one of them where there is no value.
    fn with(&self, values: &[(&str, Option<String>)]) -> String {
        let kept = self.attributes.iter().filter(|(name, _)| values.iter().all(|(new, _)| new != name));
        let mut out = format!("<{}", self.name);
        for (name, value) in kept {
            out.push(' ');
            out.push_str(name);
            if let Some(value) = value {
                out.push_str(&format!("=\"{value}\""));
            }
        }
        for (name, value) in values {
            if let Some(value) = value {
                out.push_str(&format!(" {name}=\"{value}\""));
            }
        }
        out + ">"
    }
}

/// The opening tags of links, scripts and templates, outside of comments; attributes in double quotes, as both we and
/// Trunk write them.
fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags: Vec<Tag<'_>> = Vec::new();
    let mut template = None;
    let mut at = 0;
    while let Some(rest) = html.get(at..) {
        let Some(next) = rest.find('<') else { break };
        let begin = at + next;
        let rest = rest.get(next..).unwrap_or_default();
        if rest.starts_with("<!--") {
            at = begin + rest.find("-->").unwrap_or(rest.len());
            continue;
        }
        let end = begin + tag_length(rest);
        at = end;
        let inside = html.get(begin + 1..end).unwrap_or_default().trim_end_matches('>').trim_end_matches('/');
        let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        if ["link", "script", "template"].contains(&name) {
            let tag = Tag { begin, end, name, attributes: attributes_in(attributes), template };
            if name == "template" {
                template = tag.get("id");
            }
            tags.push(tag);
        } else if name == "/template" {
            template = None;
        }
    }
    tags
}

fn tag_length(text: &str) -> usize {
    let mut quoted = false;
    for (i, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return i + 1,
            _ => {}
        }
    }
    text.len()
}

fn attributes_in(text: &str) -> Vec<(&str, Option<&str>)> {
    let mut attributes = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if let Some((value, after)) = after.strip_prefix("=\"").and_then(|after| after.split_once('"')) {
            attributes.push((name, Some(value)));
            rest = after.trim_start();
        } else {
            attributes.push((name, None));
            rest = after.trim_start_matches('=').trim_start();
        }
    }
    attributes
}

fn without_comments(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, rest)| rest);
    }
    out + rest
}

/// One line end for each run of white space that has one; browsers make no difference.
fn squeezed(html: &str) -> String {
    let lines: Vec<&str> = html.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> File {
        File { name: name.into(), integrity: format!("sha256-{}", name.len()) }
    }

    fn instead() -> Instead {
        let others = [("mark-0.svg", "mark-4.svg"), ("more.js", "more-5.js"), ("more.css", "more-6.css")];
        let others = others.into_iter().chain([("more_bg.wasm", "more-7_bg.wasm")]);
        Instead {
            style: Some(file("door-3.css")),
            script: file("app-1.js"),
            wasm: file("app-2_bg.wasm"),
            others: others.map(|(old, new)| (old.to_owned(), file(new))).collect(),
        }
    }

    const PAGE: &str = "<!doctype html>
<html>
  <head>
    <meta name=\"a\" content=\"b > c\" />
    <!-- <link rel=\"stylesheet\" href=\"old.css\"> -->
    <base href=\"/x/\" />
    <link rel=\"icon\" href=\"/x/mark-0.svg\" integrity=\"sha256-a+b/\"/>
    <link rel=\"stylesheet\" href=\"/x/tokens-0.css\" integrity=\"sha256-c\"/>
    <link rel=\"stylesheet\" href=\"/x/base-0.css\" integrity=\"sha256-d\"/>
    <link rel=\"stylesheet\" href=\"/x/print.css\" media=\"print\" />
    <link rel=\"preload\" href=\"config.json\" as=\"fetch\" crossorigin=\"anonymous\" />

  <link rel=\"modulepreload\" href=\"/x/app-0.js\" crossorigin=\"anonymous\" integrity=\"sha256-e\"><link rel=\"preload\" \
href=\"/x/app-0_bg.wasm\" crossorigin=\"anonymous\" integrity=\"sha256-f\" as=\"fetch\" type=\"application/wasm\"></head>
  <body>
    <p>Some  text</p> <!-- and a
    remark -->
    <template id=\"more\" data-wasm=\"/x/more_bg.wasm\"><link rel=\"stylesheet\" href=\"/x/more.css\">\
<script type=\"module\" src=\"/x/more.js\"></script></template>
    <script type=\"module\" id=\"boot\" src=\"/x/boot.js\" data-js=\"/x/app-0.js\" data-wasm=\"/x/app-0_bg.wasm\"></script>
  </body>
</html>
";

    fn loaded() -> Loads {
        Loads {
            styles: vec!["tokens-0.css".into(), "base-0.css".into()],
            boot: "boot.js".into(),
            glue: "app-0.js".into(),
            wasm: "app-0_bg.wasm".into(),
            icon: Some("mark-0.svg".into()),
            parts: vec![Part {
                name: "more".into(),
                glue: "more.js".into(),
                wasm: "more_bg.wasm".into(),
                style: "more.css".into(),
            }],
        }
    }

    #[test]
    fn no_place_for_a_nonce_is_left() {
        let tag = "<script nonce=\"{{__TRUNK NONCE__}}\" src=\"a.js\"></script>";
        assert_eq!(without_nonces(tag), "<script src=\"a.js\"></script>");
    }

    #[test]
    fn what_a_page_loads_is_found() {
        assert_eq!(loads(PAGE), Some(loaded()));
        let incomplete = PAGE.replace("<script type=\"module\" src=\"/x/more.js\"></script>", "");
        for other in
            ["", "<script src=\"boot.js\"></script>", "<!-- <script src=\"a\" data-wasm=\"b\"> -->", &incomplete]
        {
            assert_eq!(loads(other), None, "{other}");
        }
    }

    #[test]
    fn the_page_loads_the_new_files_and_nothing_else_of_it_changes() {
        let expected = "<!doctype html>
<html>
<head>
<meta name=\"a\" content=\"b > c\" />
<base href=\"/x/\" />
<link rel=\"icon\" href=\"/x/mark-4.svg\">
<link rel=\"stylesheet\" href=\"/x/door-3.css\" integrity=\"sha256-10\">
<link rel=\"stylesheet\" href=\"/x/print.css\" media=\"print\" />
<link rel=\"preload\" href=\"config.json\" as=\"fetch\" crossorigin=\"anonymous\" />
<link rel=\"preload\" crossorigin=\"anonymous\" as=\"fetch\" href=\"/x/app-2_bg.wasm\"></head>
<body>
<p>Some  text</p>
<template id=\"more\" data-wasm=\"/x/more-7_bg.wasm\" data-integrity=\"sha256-14\">\
<link rel=\"stylesheet\" href=\"/x/more-6.css\" integrity=\"sha256-10\">\
<script src=\"/x/more-5.js\" crossorigin=\"anonymous\" integrity=\"sha256-9\"></script></template>
<script type=\"module\" id=\"boot\" src=\"/x/app-1.js\" crossorigin=\"anonymous\" integrity=\"sha256-8\" \
data-wasm=\"/x/app-2_bg.wasm\" data-integrity=\"sha256-13\"></script>
</body>
</html>
";
        assert_eq!(rewritten(PAGE, &loaded(), &instead()), expected);
    }

    #[test]
    fn addresses_stay_in_their_folder() {
        for (url, expected) in [
            ("/boot.js", "/a.js"),
            ("/x/y/boot.js", "/x/y/a.js"),
            ("boot.js", "a.js"),
            ("./boot.js", "./a.js"),
            ("https://cdn.example/boot.js", "https://cdn.example/a.js"),
            ("", "a.js"),
        ] {
            assert_eq!(beside(url, "a.js"), expected, "{url}");
        }
    }
}

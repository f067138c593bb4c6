//! index.html: what it loads, and how it says so once that has other names.

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
}

/// What it is to load instead.
#[derive(Debug, PartialEq, Eq)]
pub struct Instead {
    /// The one style sheet, if there is any.
    pub style: Option<File>,
    /// The one script.
    pub script: File,
    /// The door's module.
    pub wasm: String,
}

/// A file that browsers check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// The hash that browsers compare it with, as in `sha384-…`.
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
    Some(Loads {
        styles: styles.map(|url| file_name(url).to_owned()).collect(),
        boot: file_name(script.get("src")?).to_owned(),
        glue: file_name(script.get("data-js")?).to_owned(),
        wasm: file_name(script.get("data-wasm")?).to_owned(),
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
    if tag.is_start() {
        // Whatever else the starter finds itself by stays; the door it would import is in it.
        let script = &instead.script;
        let url = |attribute, name: &str| beside(tag.get(attribute).unwrap_or_default(), name);
        let new = [
            ("src", Some(url("src", &script.name))),
            ("data-js", Some(url("data-js", &script.name))),
            ("data-wasm", Some(url("data-wasm", &instead.wasm))),
            ("crossorigin", Some("anonymous".into())),
            ("integrity", Some(script.integrity.clone())),
        ];
        return Some(tag.with(&new));
    }
    if tag.name != "link" {
        return None;
    }
    let href = tag.get("href")?;
    match tag.get("rel")? {
        "modulepreload" if file_name(href) == loads.glue => Some(String::new()),
        // What is fetched without a hash is not checked against a preload's; Chromium warns of it.
        "preload" if file_name(href) == loads.wasm => {
            Some(tag.with(&[("href", Some(beside(href, &instead.wasm))), ("integrity", None)]))
        }
        // No browser checks an icon.
        "icon" => Some(tag.with(&[("integrity", None)])),
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
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(attribute, _)| *attribute == name)?.1
    }

    /// A style sheet that is for all media and so on, which can be put together with others.
    fn is_style(&self) -> bool {
        let plain = |(name, _): &(&str, Option<&str>)| ["rel", "href", "integrity"].contains(name);
        self.name == "link" && self.get("rel") == Some("stylesheet") && self.attributes.iter().all(plain)
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

/// The opening tags of links and scripts, outside of comments; attributes in double quotes, as both we and Trunk write them.
fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
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
        if ["link", "script"].contains(&name) {
            tags.push(Tag { begin, end, name, attributes: attributes_in(attributes) });
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
        File { name: name.into(), integrity: format!("sha384-{}", name.len()) }
    }

    fn instead() -> Instead {
        Instead { style: Some(file("door-3.css")), script: file("app-1.js"), wasm: "app-2_bg.wasm".into() }
    }

    const PAGE: &str = "<!doctype html>
<html>
  <head>
    <meta name=\"a\" content=\"b > c\" />
    <!-- <link rel=\"stylesheet\" href=\"old.css\"> -->
    <base href=\"/x/\" />
    <link rel=\"icon\" href=\"/x/mark-0.svg\" integrity=\"sha384-a+b/\"/>
    <link rel=\"stylesheet\" href=\"/x/tokens-0.css\" integrity=\"sha384-c\"/>
    <link rel=\"stylesheet\" href=\"/x/base-0.css\" integrity=\"sha384-d\"/>
    <link rel=\"stylesheet\" href=\"/x/print.css\" media=\"print\" />
    <link rel=\"preload\" href=\"config.json\" as=\"fetch\" crossorigin=\"anonymous\" />

  <link rel=\"modulepreload\" href=\"/x/app-0.js\" crossorigin=\"anonymous\" integrity=\"sha384-e\"><link rel=\"preload\" \
href=\"/x/app-0_bg.wasm\" crossorigin=\"anonymous\" integrity=\"sha384-f\" as=\"fetch\" type=\"application/wasm\"></head>
  <body>
    <p>Some  text</p> <!-- and a
    remark -->
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
        for other in ["", "<script src=\"boot.js\"></script>", "<!-- <script src=\"a\" data-wasm=\"b\"> -->"] {
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
<link rel=\"icon\" href=\"/x/mark-0.svg\">
<link rel=\"stylesheet\" href=\"/x/door-3.css\" integrity=\"sha384-10\">
<link rel=\"stylesheet\" href=\"/x/print.css\" media=\"print\" />
<link rel=\"preload\" href=\"config.json\" as=\"fetch\" crossorigin=\"anonymous\" />
<link rel=\"preload\" crossorigin=\"anonymous\" as=\"fetch\" type=\"application/wasm\" href=\"/x/app-2_bg.wasm\"></head>
<body>
<p>Some  text</p>
<script type=\"module\" id=\"boot\" src=\"/x/app-1.js\" data-js=\"/x/app-1.js\" data-wasm=\"/x/app-2_bg.wasm\" \
crossorigin=\"anonymous\" integrity=\"sha384-8\"></script>
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

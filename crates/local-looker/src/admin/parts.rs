//! What forms are made of.

use super::section::Section;
use crate::clock::{Seconds, rfc3339};
use crate::steering::commands::CommandError;
use crate::ui::Form;
use maud::{Markup, html};

/// A form of a section that does `what`; `fields` includes its button.
pub(super) fn form(section: Section, what: &str, fields: &Markup) -> Markup {
    html! {
        form method="post" action=(section.path()) {
            input type="hidden" name="do" value=(what);
            (fields)
        }
    }
}

/// A form that is one button, with the fields that say for what it is pressed; `whose` tells buttons of
/// the same text apart for those who hear them.
pub(super) fn press(section: Section, what: &str, fields: &[(&str, &str)], label: &str, whose: &str) -> Markup {
    let inside = html! {
        @for (name, value) in fields {
            input type="hidden" name=(name) value=(value);
        }
        button type="submit" aria-label={ (label) ": " (whose) } { (label) }
    };
    form(section, what, &inside)
}

/// A button for what can't be taken back: it is shown when asked for.
pub(super) fn press_twice(section: Section, what: &str, fields: &[(&str, &str)], label: &str, whose: &str) -> Markup {
    html! {
        details {
            summary { (label) "…" }
            (press(section, what, fields, &format!("{label} for good"), whose))
        }
    }
}

/// A line to type into, with its label. `scope` makes the id one of its own on the page.
pub(super) fn line(scope: &str, name: &str, label: &str, kind: &str, value: &str, is_required: bool) -> Markup {
    let id = format!("{scope}-{name}");
    html! {
        div {
            label for=(id) { (label) @if !is_required { " " span.quiet { "(optional)" } } }
            input id=(id) name=(name) type=(kind) value=(value) required[is_required] autocomplete="off";
        }
    }
}

/// A box to tick.
pub(super) fn tick(scope: &str, name: &str, label: &str, is_ticked: bool) -> Markup {
    let id = format!("{scope}-{name}");
    html! {
        label.check for=(id) {
            input id=(id) name=(name) type="checkbox" value="on" checked[is_ticked];
            span { (label) }
        }
    }
}

/// A choice among few; each is a value and how it is called.
pub(super) fn choice(scope: &str, name: &str, label: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    let id = format!("{scope}-{name}");
    html! {
        div {
            label for=(id) { (label) }
            select id=(id) name=(name) {
                @for (value, called) in options {
                    option value=(value) selected[*value == chosen] { (called) }
                }
            }
        }
    }
}

/// Several lines to type into.
pub(super) fn lines(scope: &str, name: &str, label: &str, value: &str) -> Markup {
    let id = format!("{scope}-{name}");
    html! {
        div {
            label for=(id) { (label) }
            // HTML drops a line break at the beginning.
            textarea id=(id) name=(name) rows="4" spellcheck="false" { "\n" (value) }
        }
    }
}

/// The main button of a form.
pub(super) fn submit(label: &str) -> Markup {
    html! { button.primary type="submit" { (label) } }
}

/// What was typed into a form that was refused; nothing, where the form was another.
pub(super) fn typed<'a>(form: &'a Form, what: &str, name: &str) -> &'a str {
    if form.get("do") == what { form.get(name) } else { "" }
}

/// A moment to come, by how far it is away.
pub(super) fn until(moment: Seconds, now: Seconds) -> Markup {
    let exact = rfc3339(moment);
    html! { time datetime=(exact) title=(exact) { "for " (span(moment - now)) } }
}

/// A length of time in its largest unit.
pub(super) fn span(seconds: Seconds) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// A whole number that was typed; none where the field is empty.
pub(super) fn number<T: std::str::FromStr>(form: &Form, name: &str) -> Result<Option<T>, CommandError> {
    let read = |text: &str| text.parse().map_err(|_| nonsense(format!("{name}: “{text}” is no number that fits.")));
    form.given(name).map(read).transpose()
}

/// The same where there has to be one.
pub(super) fn needed<T: std::str::FromStr>(form: &Form, name: &str) -> Result<T, CommandError> {
    number(form, name)?.ok_or_else(|| nonsense(format!("{name}: a number is missing.")))
}

/// What was chosen, of what there was to choose from.
pub(super) fn chosen<'a>(form: &'a Form, name: &str, options: &[(&str, &str)]) -> Result<&'a str, CommandError> {
    let value = form.get(name);
    let is_one = options.iter().any(|(option, _)| *option == value);
    if is_one { Ok(value) } else { Err(nonsense(format!("{name}: “{value}” is none of the choices."))) }
}

/// A form that makes no sense.
pub(super) fn nonsense(why: impl Into<String>) -> CommandError {
    CommandError::Nonsense(why.into())
}

/// A form that this section does not have, or whose subject is gone.
pub(super) fn gone() -> CommandError {
    nonsense("What this was about is not there any more. The page below shows what there is now.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_read_as_people_say_them() {
        for (seconds, said) in
            [(0, "0 s"), (119, "119 s"), (3_599, "59 min"), (7_200, "2 h"), (30 * 86_400, "30 days"), (-5, "-5 s")]
        {
            assert_eq!(span(seconds), said);
        }
    }

    #[test]
    fn what_was_typed_never_becomes_markup() {
        let evil = "\"></textarea><script>x</script>";
        for html in [
            line(evil, evil, evil, "text", evil, true),
            lines(evil, evil, evil, evil),
            tick(evil, evil, evil, true),
            choice(evil, evil, evil, &[(evil, evil)], evil),
            press_twice(Section::People, evil, &[(evil, evil)], evil, evil),
        ] {
            let html = html.into_string();
            assert!(!html.contains(evil) && !html.contains("<script"), "{html}");
        }
    }
}

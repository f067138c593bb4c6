//! The page that is registered: where it is, where Looker sends people back to, and what its origin is.

use looker::{RedirectUri, UrlError};

/// What is registered for the page that is served at `address`: its folder, with `authenticated` in it. The page's
/// own file, and where Looker sends people back to, are taken for what they are: something in that folder.
pub fn redirect_uri_of_page(address: &str) -> Result<RedirectUri, UrlError> {
    let address = address.trim_end_matches('/');
    let in_it = ["/index.html", "/authenticated"].iter().find_map(|name| address.strip_suffix(name));
    let folder = in_it.filter(|folder| !folder.ends_with('/')).unwrap_or(address);
    RedirectUri::parse(&format!("{folder}/authenticated"))
}

/// The origin that a page at `redirect_uri` sends.
pub fn origin(redirect_uri: &RedirectUri) -> &str {
    let uri = redirect_uri.as_str();
    let host = uri.find("://").map_or(0, |at| at + 3);
    let end = uri.get(host..).and_then(|rest| rest.find('/')).map_or(uri.len(), |at| host + at);
    uri.get(..end).unwrap_or(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_redirect_uri_and_its_origin() {
        for (page, redirect_uri, origin_of_it) in [
            ("https://your.page", "https://your.page/authenticated", "https://your.page"),
            ("https://Your.Page:443/", "https://your.page/authenticated", "https://your.page"),
            ("https://your.page/index.html", "https://your.page/authenticated", "https://your.page"),
            ("https://your.page/authenticated", "https://your.page/authenticated", "https://your.page"),
            ("https://your.page/a/authenticated/", "https://your.page/a/authenticated", "https://your.page"),
            (
                "https://your.page/a/my-index.html",
                "https://your.page/a/my-index.html/authenticated",
                "https://your.page",
            ),
            ("https://authenticated", "https://authenticated/authenticated", "https://authenticated"),
            ("http://localhost:8080/Looker/", "http://localhost:8080/Looker/authenticated", "http://localhost:8080"),
        ] {
            let read = redirect_uri_of_page(page).unwrap();
            assert_eq!((read.as_str(), origin(&read)), (redirect_uri, origin_of_it), "{page}");
        }
        for (page, error) in [
            ("http://your.page", UrlError::Insecure),
            ("https://your.page/?a", UrlError::Path),
            ("your.page", UrlError::Scheme),
        ] {
            assert_eq!(redirect_uri_of_page(page), Err(error), "{page}");
        }
    }
}

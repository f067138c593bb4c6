//! What keeps people from using a page is found, whatever journey comes past it.

use journeys::Stage;

/// A picture that says nothing, a text that is hard to read, and a field without a name.
const SHUT_OUT: &str = "
    const picture = Object.assign(document.createElement('img'), { src: 'data:,' });
    const text = Object.assign(document.createElement('p'), { textContent: 'Hard to read' });
    text.style.color = '#aaa';
    document.querySelector('main').append(picture, text, document.createElement('input'));
    return null";

#[tokio::test]
async fn what_keeps_people_out_is_found() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    stage.sees_door().await;
    stage.evaluate(SHUT_OUT).await;
    let found = stage.what_keeps_people_out().await;
    let rules: Vec<_> = found.iter().filter_map(|text| text.split(':').next()).collect();
    assert_eq!(rules, ["color-contrast", "image-alt", "label"]);
    stage.reload().await;
    stage.sees_door().await;
    stage.end().await;
}

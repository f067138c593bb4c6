//! Every answer is one that Looker's own API document describes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::Path;
use support::{local, text};

fn document() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/Looker.4.0.oas.json");
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(error) => {
            // Past the test's harness, which shows nothing of a test that does not fail.
            let skipped = format!("skipped: Looker's API document cannot be read at {}: {error}\n", path.display());
            std::io::stderr().write_all(skipped.as_bytes()).unwrap();
            None
        }
    }
}

/// OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, `any` no type; and members that the
/// document does not know are refused, so that a misspelt one does not pass.
fn to_json_schema(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(to_json_schema),
        Value::Object(members) => {
            if members.get("type") == Some(&json!("any")) {
                members.remove("type");
            }
            if members.get("nullable") == Some(&json!(true))
                && let Some(name @ Value::String(_)) = members.get("type").cloned()
            {
                members.insert("type".to_owned(), json!([name, "null"]));
            }
            if members.get("properties").is_some_and(Value::is_object) {
                members.entry("additionalProperties").or_insert(json!(false));
            }
            members.values_mut().for_each(to_json_schema);
        }
        _ => {}
    }
}

/// What the document says about one answer.
fn schema(document: &Value, method: &Method, template: &str, status: u16) -> Value {
    let operation = &document["paths"][template][method.as_str().to_lowercase()];
    assert!(operation.is_object(), "the document has no {method} {template}");
    let status = status.to_string();
    // 401 is nowhere in the document; it looks like the other errors.
    let answer = match operation["responses"].get(&status) {
        Some(answer) => answer["content"]["application/json"]["schema"].clone(),
        None if status == "401" => json!({ "$ref": "#/components/schemas/Error" }),
        None => panic!("the document has no {status} for {method} {template}"),
    };
    let mut schema = answer;
    schema["components"] = json!({ "schemas": document["components"]["schemas"] });
    to_json_schema(&mut schema["components"]["schemas"]);
    schema
}

fn problems(schema: &Value, body: &Value) -> Vec<String> {
    let validator = jsonschema::options().build(schema).unwrap();
    validator.iter_errors(body).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

#[tokio::test]
async fn every_answer_is_as_lookers_api_document_says() {
    let Some(document) = document() else { return };
    let local = local().await;
    let ada = local.ada().await;
    let (grace, _) = local.tokens("grace@example.com").await;
    let app = json!({
        "redirect_uri": "https://a.example/", "display_name": "A", "description": "A",
    });
    let none = Value::Null;
    let allowlist = json!({ "embed_config": { "domain_allowlist": [support::APP] } });
    let email = json!({ "email": "new@example.com" });
    let one_app = "/oauth_client_apps/{client_guid}";
    let app_user = "/oauth_client_apps/{client_guid}/users/{user_id}";
    let app_tokens = "/oauth_client_apps/{client_guid}/tokens";
    let api3 = "/users/{user_id}/credentials_api3";
    let one_api3 = "/users/{user_id}/credentials_api3/{credentials_api3_id}";
    let mail = "/users/{user_id}/credentials_email";
    let (get, post) = (Method::GET, Method::POST);
    let (patch, delete) = (Method::PATCH, Method::DELETE);
    let mut seen = 0;
    for (method, template, path, token, body, status) in [
        (&get, "/versions", "/versions", "", none.clone(), 200),
        (&get, "/user", "/user", ada.as_str(), none.clone(), 200),
        (&get, "/user", "/user", &grace, none.clone(), 200),
        (&get, "/user", "/user", "dead", none.clone(), 401),
        (&get, "/users", "/users", &ada, none.clone(), 200),
        (&get, "/users", "/users?limit=x", &ada, none.clone(), 400),
        (&post, "/users", "/users", &ada, json!({ "first_name": "New" }), 200),
        (&post, "/users", "/users", &ada, json!({ "first_name": 1 }), 422),
        (&post, "/users", "/users", &grace, json!({}), 404),
        (&get, "/users/{user_id}", "/users/3", &ada, none.clone(), 200),
        (&get, "/users/{user_id}", "/users/3", &grace, none.clone(), 200),
        (&get, "/users/{user_id}", "/users/99", &ada, none.clone(), 404),
        (&patch, "/users/{user_id}", "/users/3", &ada, json!({ "last_name": "N" }), 200),
        (&patch, "/users/{user_id}", "/users/3", &ada, json!({ "is_disabled": 1 }), 422),
        (&post, mail, "/users/3/credentials_email", &ada, email.clone(), 200),
        (&post, mail, "/users/3/credentials_email", &ada, email.clone(), 409),
        (&patch, mail, "/users/3/credentials_email", &ada, email, 422),
        (&get, mail, "/users/3/credentials_email", &ada, none.clone(), 200),
        (&delete, mail, "/users/3/credentials_email", &ada, none.clone(), 204),
        (&post, api3, "/users/3/credentials_api3", &ada, json!({ "purpose": "p" }), 200),
        (&get, api3, "/users/3/credentials_api3", &ada, none.clone(), 200),
        (&get, one_api3, "/users/3/credentials_api3/2", &ada, none.clone(), 200),
        (&delete, one_api3, "/users/3/credentials_api3/2", &ada, none.clone(), 204),
        (&delete, one_api3, "/users/3/credentials_api3/2", &ada, none.clone(), 404),
        (&post, "/login/{user_id}", "/login/3", &ada, none.clone(), 200),
        (&post, "/login/{user_id}", "/login/3", &grace, none.clone(), 404),
        (&delete, "/users/{user_id}", "/users/3", &ada, none.clone(), 204),
        (&post, one_app, "/oauth_client_apps/a", &ada, app.clone(), 200),
        (&post, one_app, "/oauth_client_apps/a", &ada, app, 409),
        (&post, one_app, "/oauth_client_apps/b", &ada, json!({}), 422),
        (&get, one_app, "/oauth_client_apps/a", &ada, none.clone(), 200),
        (&get, one_app, "/oauth_client_apps/sightline", &ada, none.clone(), 200),
        (&patch, one_app, "/oauth_client_apps/a", &ada, json!({ "enabled": false }), 200),
        (&get, "/oauth_client_apps", "/oauth_client_apps", &ada, none.clone(), 200),
        (&post, app_user, "/oauth_client_apps/a/users/2", &ada, none.clone(), 200),
        (&delete, app_user, "/oauth_client_apps/a/users/2", &ada, none.clone(), 204),
        (&delete, app_tokens, "/oauth_client_apps/a/tokens", &ada, none.clone(), 204),
        (&delete, one_app, "/oauth_client_apps/a", &ada, none.clone(), 204),
        (&get, "/setting", "/setting", &ada, none.clone(), 200),
        (&patch, "/setting", "/setting", &ada, allowlist, 200),
        (&patch, "/setting", "/setting", &ada, json!({ "embed_config": 1 }), 422),
        (&delete, "/logout", "/logout", &ada, none.clone(), 204),
    ] {
        let response = local.call(method.clone(), path, token, body).await;
        assert_eq!(response.status(), status, "{method} {path}");
        let answer = response.text().await.unwrap();
        let schema = schema(&document, method, template, status);
        if status == 204 {
            assert_eq!(answer, "", "{method} {path}");
        } else {
            let answer = serde_json::from_str(&answer).unwrap();
            let problems = problems(&schema, &answer);
            assert!(problems.is_empty(), "{method} {path}: {problems:#?}\n{answer:#}");
        }
        seen += 1;
    }
    let login = local.api3("local-client-id", "local-client-secret").await;
    let login: Value = login.json().await.unwrap();
    let of_login = schema(&document, &post, "/login", 200);
    assert_eq!(problems(&of_login, &login), [""; 0]);
    assert!(!text(&login, "access_token").is_empty());
    assert_eq!(seen, 42);

    // What only faults bring.
    for status in [429, 500] {
        local.steer("faults", json!({ "path": "/api/4.0/user", "times": 1, "then": { "status": status } })).await;
        let answer: Value = local.call(get.clone(), "/user", &ada, none.clone()).await.json().await.unwrap();
        let of_errors = schema(&document, &post, "/query_tasks", 429);
        assert_eq!(problems(&of_errors, &answer), [""; 0], "{answer:#}");
    }

    // The validation itself must be able to fail.
    let of_user = schema(&document, &get, "/user", 200);
    for wrong in [json!({ "id": 1 }), json!({ "identity": "1" }), json!({ "is_disabled": null })] {
        assert!(!problems(&of_user, &wrong).is_empty(), "{wrong}");
    }
}

//! A JSON value as a tree that folds. Folding is the browser's own, so that it works without JavaScript.

use crate::ui::number::counted;
use leptos::prelude::*;
use serde_json::Value;

/// Branches are open down to this depth …
const OPEN_DEPTH: usize = 2;
/// … and up to this many children.
const OPEN_CHILDREN: usize = 24;

/// One entry of a tree: its label, and a text or a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub label: String,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The class of the value's kind, and its text.
    Leaf(&'static str, String),
    Branch {
        note: String,
        open: bool,
        children: Vec<Node>,
    },
}

/// The entries of an object or a list; a single one without a label for anything else.
pub fn tree(value: &Value) -> Vec<Node> {
    match content(value, 0) {
        Content::Branch { children, .. } => children,
        leaf @ Content::Leaf(..) => vec![Node {
            label: String::new(),
            content: leaf,
        }],
    }
}

fn content(value: &Value, depth: usize) -> Content {
    let leaf = |kind, text: &str| Content::Leaf(kind, text.to_owned());
    match value {
        Value::Null => leaf("json__value json__value--null", "null"),
        Value::Bool(yes) => leaf(
            "json__value json__value--bool",
            if *yes { "true" } else { "false" },
        ),
        Value::Number(number) => leaf("json__value json__value--number", &number.to_string()),
        Value::String(text) => leaf("json__value json__value--text", text),
        Value::Array(values) if values.is_empty() => leaf("json__value json__value--null", "empty list"),
        Value::Object(map) if map.is_empty() => leaf("json__value json__value--null", "empty object"),
        Value::Array(values) => {
            let entry = |(at, value)| Node {
                label: format!("{at}"),
                content: content(value, depth + 1),
            };
            branch(
                values.iter().enumerate().map(entry).collect(),
                depth,
                "item",
                "items",
            )
        }
        Value::Object(map) => {
            let entry = |(key, value): (&String, _)| Node {
                label: key.clone(),
                content: content(value, depth + 1),
            };
            branch(map.iter().map(entry).collect(), depth, "property", "properties")
        }
    }
}

fn branch(children: Vec<Node>, depth: usize, one: &str, many: &str) -> Content {
    let note = counted(u64::try_from(children.len()).unwrap_or(u64::MAX), one, many);
    Content::Branch {
        note,
        open: depth <= OPEN_DEPTH && children.len() <= OPEN_CHILDREN,
        children,
    }
}

#[component]
pub fn JsonTree(value: Value) -> impl IntoView {
    nodes(tree(&value))
}

fn nodes(nodes: Vec<Node>) -> AnyView {
    let entries = nodes
        .into_iter()
        .map(|node| view! { <li>{entry(node)}</li> })
        .collect_view();
    view! { <ul class="json">{entries}</ul> }.into_any()
}

fn entry(Node { label, content }: Node) -> AnyView {
    match content {
        Content::Leaf(class, text) => view! {
            <span class="json__key">{label}</span>
            " "
            <span class=class dir="auto">{text}</span>
        }
        .into_any(),
        Content::Branch { note, open, children } => view! {
            <details open=open>
                <summary>
                    <span class="json__key">{label}</span>
                    " "
                    <span class="json__note">{note}</span>
                </summary>
                {nodes(children)}
            </details>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_tree_keeps_order_and_says_how_much_is_folded() {
        let nodes = tree(&json!({"members": [{"id": 1}], "ok": false, "none": {}}));
        assert_eq!(
            nodes.iter().map(|n| n.label.as_str()).collect::<Vec<_>>(),
            ["members", "none", "ok"]
        );
        let Content::Branch {
            note,
            open: true,
            children,
        } = &nodes[0].content
        else {
            panic!("no branch")
        };
        assert_eq!((note.as_str(), children[0].label.as_str()), ("1 item", "0"));
        assert_eq!(
            nodes[2].content,
            Content::Leaf("json__value json__value--bool", "false".into())
        );
    }

    #[test]
    fn deep_and_wide_branches_start_folded() {
        let nodes = tree(&json!({"wide": (0..100).collect::<Vec<_>>()}));
        let Content::Branch { open, .. } = nodes[0].content else {
            panic!("no branch")
        };
        assert!(!open);
        assert_eq!(tree(&json!("text")).len(), 1);
    }
}

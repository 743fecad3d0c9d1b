//! The example in `config/` is what this program reads.

use std::path::Path;

use host::config::{load, parse};

use super::AdminConfig;
use crate::content::Content;

#[test]
fn the_example_is_read_with_the_content_it_names() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config");
    let path = folder.join("admin.example.toml");
    let config: AdminConfig = load(&path).unwrap();
    assert_eq!((config.officers.len(), config.auditors.len()), (2, 3));
    assert!(!config.light && config.clock.open().is_ok());
    Content::read(&folder.join(&config.content)).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(parse::<AdminConfig>(&format!("officer = 1\n{text}"), &path).is_err());
}

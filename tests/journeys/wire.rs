//! The window's types are the app's types.

use std::path::Path;

#[test]
fn the_wire_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/wire.d.ts");
    let generated = throughline_app::view::typescript();
    if std::env::var_os("UPDATE_WIRE").is_some() {
        std::fs::write(&path, &generated).expect("ui/wire.d.ts is written");
    }
    let committed = std::fs::read_to_string(&path).expect("ui/wire.d.ts is there");
    assert_eq!(
        committed, generated,
        "stale: UPDATE_WIRE=1 cargo test -p throughline-app wire"
    );
}

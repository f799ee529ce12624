//! The port `Signatures`: receipts and heads are signed, each by a key of its own.

use domain::ports::{PublicKey, Signed};

use super::backends::World;

pub(super) async fn a_signature_is_of_the_document_and_the_key_is_the_same(world: &World) {
    let [receipts, heads] = [Signed::Receipt, Signed::Heads];
    let of_receipts = signed(world, receipts).await;
    let of_heads = signed(world, heads).await;
    assert_ne!(of_receipts.pem, of_heads.pem, "each has a key of its own");
    assert_ne!(of_receipts.id, of_heads.id);
}

async fn signed(world: &World, what: Signed) -> PublicKey {
    let key = world.keys.public_key(what).await.unwrap();
    assert_eq!(world.keys.public_key(what).await.unwrap(), key);
    assert!(
        key.pem.starts_with("-----BEGIN PUBLIC KEY-----\n")
            && key.pem.ends_with("-----END PUBLIC KEY-----\n")
    );
    let folder = std::env::temp_dir().join(format!(
        "abgleich-signed-{}-{}",
        std::process::id(),
        key.id.len()
    ));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    write("key.pem", key.pem.as_bytes());
    let signature = world.keys.sign(what, b"a document").await.unwrap();
    write("signature", &signature);
    for (document, is_good) in [("a document", true), ("another document", false)] {
        write("document", document.as_bytes());
        let done = std::process::Command::new("openssl")
            .args("dgst -sha256 -verify key.pem -signature signature document".split(' '))
            .current_dir(&folder)
            .output()
            .unwrap();
        assert_eq!(done.status.success(), is_good, "{document}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(world.keys.sign(what, &[b'x'; 4_097]).await.is_err());
    key
}

use super::*;

#[test]
fn the_forms_of_a_password_are_known() {
    let credentials = Credentials::new("user".into(), "hunter2".into());
    let forms = secret_forms(&credentials, &Secret::new("hunter2"));
    let shown: Vec<&str> = forms.iter().map(Secret::expose).collect();
    assert_eq!(shown, ["AHVzZXIAaHVudGVyMg==", "aHVudGVyMg==", "hunter2"]);
}

#[test]
fn a_certificate_file_must_hold_one() {
    let missing = certificate(Path::new("/nonexistent/ca.pem")).unwrap_err();
    assert!(
        missing.starts_with("cannot read /nonexistent/ca.pem"),
        "{missing}"
    );
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    assert!(
        certificate(&manifest)
            .unwrap_err()
            .contains("holds no certificate")
    );
}

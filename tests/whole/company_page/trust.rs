//! Whose certificates a company's page may have.

use std::{path::PathBuf, sync::Arc};

use belldot_session::{Session, SessionOptions};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};

use super::{
    home_in,
    site::{Answer, Site},
};
use crate::page::Driver;

const WELCOME: &str = "<!doctype html><h1>Welcome</h1>";

#[test]
fn a_certificate_of_an_unknown_authority_is_a_sentence_with_try_again() {
    let authority = Authority::new();
    let portal = Site::with_tls(authority.server("localhost", |_| {}), |_| {
        Answer::page(WELCOME)
    });
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = home_in(&session, "", &secure(&portal, "localhost"), "");
    let page = Driver::start(&session, &home, &["open"]).page();
    page.wait_for_text("[role=alert]", |text| {
        text.contains("certificate of localhost is not signed by an authority")
    });
    assert_eq!(page.text("[role=button]").as_deref(), Some("Try again"));
    assert_eq!(portal.requests().len(), 0);
}

#[test]
fn a_certificate_of_a_further_authority_is_taken_for_the_page_and_what_is_on_it() {
    let authority = Authority::new();
    let library = Site::with_tls(authority.server("127.0.0.1", |_| {}), |_| {
        Answer::page("document.querySelector('h1').textContent = 'Welcome, Ann'")
    });
    let script = secure(&library, "127.0.0.1");
    let portal = Site::with_tls(authority.server("localhost", |_| {}), move |_| {
        Answer::page(&format!("{WELCOME}<script src=\"{script}\"></script>"))
    });
    let session = Session::start(SessionOptions::default()).unwrap();
    let network = authority.known_in(&session);
    let home = home_in(&session, &network, &secure(&portal, "localhost"), "");
    let page = Driver::start(&session, &home, &["open"]).page();
    page.wait_for_text("h1", |text| text == "Welcome, Ann");
}

#[test]
fn a_known_authority_stands_for_no_other_name_and_no_other_time() {
    type Change = fn(&mut CertificateParams);
    let cases: [(&str, Change, &str); 2] = [
        ("other.example", |_| {}, "belongs to another server"),
        (
            "localhost",
            |params| params.not_after = date_time_ymd(2020, 1, 1),
            "has expired",
        ),
    ];
    for (name, change, sentence) in cases {
        let authority = Authority::new();
        let config = authority.server(name, change);
        let portal = Site::with_tls(config, |_| Answer::page(WELCOME));
        let session = Session::start(SessionOptions::default()).unwrap();
        let network = authority.known_in(&session);
        let home = home_in(&session, &network, &secure(&portal, "localhost"), "");
        let page = Driver::start(&session, &home, &["open"]).page();
        page.wait_for_text("[role=alert]", |text| text.contains(sentence));
        assert_eq!(portal.requests().len(), 0);
    }
}

fn secure(site: &Site, host: &str) -> String {
    format!("https://{host}:{}/", site.address().port())
}

/// An authority that the system does not know, and one below it that signs.
struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    below: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let key = || KeyPair::generate().unwrap();
        let root = CertifiedIssuer::self_signed(params("Root"), key()).unwrap();
        let below = CertifiedIssuer::signed_by(params("Below"), key(), &root).unwrap();
        Self { root, below }
    }

    /// A server by this name, as `change` would have it.
    fn server(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> ServerConfig {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.below).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone(), self.below.der().clone()],
                key,
            )
            .unwrap()
    }

    /// The settings of somebody who knows the root.
    fn known_in(&self, session: &Session) -> String {
        let file: PathBuf = session.folder().join("authority.pem");
        std::fs::write(&file, self.root.pem()).unwrap();
        format!("[network]\nextra_ca = [\"{}\"]", file.display())
    }
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, name);
    params
}

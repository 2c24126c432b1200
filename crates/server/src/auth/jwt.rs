//! JSON Web Tokens (RFC 7519) of a company's identity provider.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Header, Validation};
use serde::Deserialize;
use serde_json::Value;

use super::jwt_crypto;
use super::scope::{Scope, Scopes};
use crate::error::ServerError;
use crate::fields::name_fault;

/// How far the clocks of the provider and of this machine may be apart, in seconds.
const LEEWAY: u64 = 60;

/// The shortest key that is taken for HMAC, in bytes (RFC 7518, 3.2).
const SHORTEST_KEY: usize = 32;

/// How to check the tokens of an identity provider.
#[derive(Clone, Debug)]
pub struct JwtConfig {
    /// The keys.
    pub keys: JwtKeys,
    /// What `iss` has to be; `None`: anything.
    pub issuer: Option<String>,
    /// What `aud` has to contain; `None`: tokens without an audience are taken, and no others.
    pub audience: Option<String>,
    /// The claim that is the user's name.
    pub user_claim: String,
}

/// The file that the keys of an identity provider are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JwtKeys {
    /// A JSON Web Key Set (RFC 7517), as the provider publishes it.
    Jwks(PathBuf),
    /// A shared key for HMAC: the file's bytes, but for line breaks at the end.
    Shared(PathBuf),
}

/// Checks tokens.
#[derive(Debug)]
pub(super) struct JwtVerifier {
    config: JwtConfig,
    keys: RwLock<Arc<Vec<VerifyingKey>>>,
}

#[derive(Debug)]
struct VerifyingKey {
    id: Option<String>,
    /// The only one it is for, if the key says so.
    algorithm: Option<Algorithm>,
    key: DecodingKey,
}

/// Who a token is of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct JwtHolder {
    pub(super) user: String,
    pub(super) scopes: Scopes,
    pub(super) until: Timestamp,
}

impl JwtKeys {
    /// The path of the file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Jwks(path) | Self::Shared(path) => path,
        }
    }

    fn read(&self) -> Result<Vec<VerifyingKey>, String> {
        let bytes = std::fs::read(self.path()).map_err(|error| error.to_string())?;
        match self {
            Self::Jwks(_) => read_set(&bytes),
            Self::Shared(_) => {
                let secret = bytes.trim_ascii_end();
                if secret.len() < SHORTEST_KEY {
                    return Err(format!("a key of {SHORTEST_KEY} bytes at least is wanted"));
                }
                Ok(vec![VerifyingKey {
                    id: None,
                    algorithm: None,
                    key: DecodingKey::from_secret(secret),
                }])
            }
        }
    }
}

/// Reads the keys of a set that are for signatures, and of a kind that is known here.
fn read_set(bytes: &[u8]) -> Result<Vec<VerifyingKey>, String> {
    #[derive(Deserialize)]
    struct JwkList {
        keys: Vec<Value>,
    }
    let set: JwkList = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let keys = set.keys.into_iter().filter_map(|key| {
        if key["use"].as_str().is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let jwk: Jwk = serde_json::from_value(key).ok()?;
        let algorithm = match jwk.common.key_algorithm {
            Some(named) => Some(named.to_string().parse().ok()?),
            None => None,
        };
        Some(VerifyingKey {
            id: jwk.common.key_id.clone(),
            algorithm,
            key: DecodingKey::from_jwk(&jwk).ok()?,
        })
    });
    let keys: Vec<_> = keys.collect();
    if keys.is_empty() {
        return Err("it has no key for signatures that is known here".to_owned());
    }
    Ok(keys)
}

impl JwtVerifier {
    pub(super) fn load(config: JwtConfig) -> Result<Self, ServerError> {
        // Whoever was first has what is as good.
        jwt_crypto::PROVIDER.install_default().ok();
        let verifier = Self {
            config,
            keys: RwLock::default(),
        };
        verifier.reload()?;
        Ok(verifier)
    }

    /// Reads the keys again; if that fails, they stay.
    pub(super) fn reload(&self) -> Result<(), ServerError> {
        let keys = self.config.keys.read();
        let keys = keys.map_err(|detail| ServerError::JwtKeys {
            file: self.config.keys.path().to_owned(),
            detail,
        })?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }

    /// The file of the keys.
    pub(super) fn file(&self) -> &Path {
        self.config.keys.path()
    }

    /// Checks a token. An error says what is wrong with it, and nothing of what it says.
    pub(super) fn check(&self, token: &str) -> Result<JwtHolder, String> {
        let header = jsonwebtoken::decode_header(token).map_err(|error| error.to_string())?;
        let keys = Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner));
        let fitting = keys.iter().filter(|key| key.fits(&header));
        let mut fault = "no key of this server fits it".to_owned();
        for key in fitting {
            match self.decode(token, &header, key) {
                Ok(claims) => return self.holder(&claims),
                Err(error) => fault = error.to_string(),
            }
        }
        Err(fault)
    }

    fn decode(
        &self,
        token: &str,
        header: &Header,
        key: &VerifyingKey,
    ) -> Result<Value, jsonwebtoken::errors::Error> {
        let mut validation = Validation::new(header.alg);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        let mut required = vec!["exp"];
        if let Some(issuer) = &self.config.issuer {
            validation.set_issuer(&[issuer]);
            required.push("iss");
        }
        if let Some(audience) = &self.config.audience {
            validation.set_audience(&[audience]);
            required.push("aud");
        }
        validation.set_required_spec_claims(&required);
        jsonwebtoken::decode(token, &key.key, &validation).map(|data| data.claims)
    }

    fn holder(&self, claims: &Value) -> Result<JwtHolder, String> {
        let name = &self.config.user_claim;
        let user = claims[name]
            .as_str()
            .ok_or_else(|| format!("its claim `{name}` is no text"))?;
        if let Some(fault) = name_fault(user) {
            return Err(format!("its claim `{name}` {fault}"));
        }
        // It has been checked to be there.
        let expires = claims["exp"].as_f64().unwrap_or_default() as i64;
        // The whole second is still good.
        let until = expires.saturating_add(LEEWAY as i64 + 1);
        Ok(JwtHolder {
            user: user.to_owned(),
            scopes: scopes(claims),
            until: Timestamp::from_second(until).unwrap_or(Timestamp::MAX),
        })
    }
}

impl VerifyingKey {
    fn fits(&self, header: &Header) -> bool {
        let named = match (&self.id, &header.kid) {
            (Some(id), Some(wanted)) => id == wanted,
            _ => true,
        };
        let family: AlgorithmFamily = header.alg.family();
        named
            && family == self.key.family()
            && self
                .algorithm
                .is_none_or(|algorithm| algorithm == header.alg)
    }
}

/// `belldot:read` and so on in `scope` (RFC 8693) or `scp`; without any: `read`. Words without the
/// prefix are about other programs.
fn scopes(claims: &Value) -> Scopes {
    let words = claims["scope"].as_str().unwrap_or_default().split(' ');
    let list = claims["scp"].as_array().into_iter().flatten();
    let words = words.chain(list.filter_map(Value::as_str));
    let mut ours = words
        .filter_map(|word| word.strip_prefix("belldot:"))
        .peekable();
    if ours.peek().is_none() {
        return Scopes::from_iter([Scope::Read]);
    }
    let known = |word: &str| Scope::ALL.into_iter().find(|scope| scope.name() == word);
    ours.filter_map(known).collect()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
    use serde_json::json;

    use super::*;

    const SECRET: &[u8] = b"a key of thirty-two bytes, or more";

    fn verifier(keys: Vec<VerifyingKey>, audience: Option<&str>) -> JwtVerifier {
        jwt_crypto::PROVIDER.install_default().ok();
        JwtVerifier {
            config: JwtConfig {
                keys: JwtKeys::Jwks(PathBuf::new()),
                issuer: Some("https://id.test".to_owned()),
                audience: audience.map(str::to_owned),
                user_claim: "sub".to_owned(),
            },
            keys: RwLock::new(Arc::new(keys)),
        }
    }

    fn shared() -> JwtVerifier {
        let key = VerifyingKey {
            id: None,
            algorithm: None,
            key: DecodingKey::from_secret(SECRET),
        };
        verifier(vec![key], Some("belldot"))
    }

    fn claims() -> Value {
        json!({ "sub": "ann", "iss": "https://id.test", "aud": ["other", "belldot"],
                "exp": Timestamp::now().as_second() + 600 })
    }

    fn signed(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
        let part = |value: &Value| BASE64.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = BASE64.encode(sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    fn hs256(claims: &Value) -> String {
        signed(&json!({ "alg": "HS256" }), claims, |message| {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET);
            ring::hmac::sign(&key, message).as_ref().to_vec()
        })
    }

    #[test]
    fn a_token_of_the_shared_key_is_its_users() {
        let holder = shared().check(&hs256(&claims())).unwrap();
        assert_eq!(holder.user, "ann");
        assert_eq!(holder.scopes, Scopes::from_iter([Scope::Read]));
        assert!(holder.until > Timestamp::now());
    }

    #[test]
    fn what_is_wrong_in_any_claim_is_refused() {
        let now = Timestamp::now().as_second();
        for (name, value) in [
            ("exp", json!(now - 120)),
            ("exp", json!("never")),
            ("exp", Value::Null),
            ("nbf", json!(now + 120)),
            ("iss", json!("https://evil.test")),
            ("iss", Value::Null),
            ("aud", json!("other")),
            ("aud", Value::Null),
            ("sub", json!("")),
            ("sub", json!(7)),
            ("sub", Value::Null),
        ] {
            let mut claims = claims();
            claims[name] = value.clone();
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            }
            assert!(shared().check(&hs256(&claims)).is_err(), "{name}: {value}");
        }
    }

    #[test]
    fn a_token_for_somebody_is_refused_where_no_audience_is_configured() {
        let anybody = verifier(
            vec![VerifyingKey {
                id: None,
                algorithm: None,
                key: DecodingKey::from_secret(SECRET),
            }],
            None,
        );
        assert!(anybody.check(&hs256(&claims())).is_err());
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove("aud");
        assert!(anybody.check(&hs256(&claims)).is_ok());
    }

    #[test]
    fn a_signature_that_is_not_the_keys_is_refused() {
        let good = hs256(&claims());
        let (message, _) = good.rsplit_once('.').unwrap();
        for forged in [
            format!("{message}."),
            format!("{message}.{}", BASE64.encode([0; 32])),
            signed(&json!({ "alg": "none" }), &claims(), |_| Vec::new()),
            signed(&json!({ "alg": "RS256" }), &claims(), |_| vec![0; 256]),
            "a.b.c".to_owned(),
        ] {
            assert!(shared().check(&forged).is_err(), "{forged}");
        }
    }

    #[test]
    fn scopes_are_those_with_belldots_prefix() {
        for (name, value, expected) in [
            ("scope", json!("openid admin"), vec![Scope::Read]),
            ("scope", json!("belldot:publish read"), vec![Scope::Publish]),
            (
                "scp",
                json!(["belldot:admin", "belldot:read"]),
                vec![Scope::Admin, Scope::Read],
            ),
            ("scope", json!("belldot:root"), vec![]),
        ] {
            let mut claims = claims();
            claims[name] = value;
            let holder = shared().check(&hs256(&claims)).unwrap();
            assert_eq!(holder.scopes, expected.into_iter().collect(), "{claims}");
        }
    }

    #[test]
    fn keys_of_a_set_are_found_by_their_ids() {
        let random = SystemRandom::new();
        let curve = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(curve, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(curve, pkcs8.as_ref(), &random).unwrap();
        let point = pair.public_key().as_ref();
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        let edwards = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
        let set = json!({ "keys": [
            { "kty": "of the future", "kid": "new" },
            { "kty": "EC", "crv": "P-256", "kid": "e", "use": "sig", "alg": "ES256",
              "x": BASE64.encode(&point[1..33]), "y": BASE64.encode(&point[33..]) },
            { "kty": "OKP", "crv": "Ed25519", "kid": "d",
              "x": BASE64.encode(edwards.public_key().as_ref()) },
        ] });
        let keys = read_set(set.to_string().as_bytes()).unwrap();
        assert_eq!(keys.len(), 2);
        let verifier = verifier(keys, Some("belldot"));
        let es256 = |kid: &str| {
            signed(
                &json!({ "alg": "ES256", "kid": kid }),
                &claims(),
                |message| pair.sign(&random, message).unwrap().as_ref().to_vec(),
            )
        };
        assert!(verifier.check(&es256("e")).is_ok());
        assert!(verifier.check(&es256("d")).is_err());
        let eddsa = signed(
            &json!({ "alg": "EdDSA", "kid": "d" }),
            &claims(),
            |message| edwards.sign(message).as_ref().to_vec(),
        );
        assert!(verifier.check(&eddsa).is_ok());
    }

    #[test]
    fn a_set_without_a_usable_key_is_refused() {
        for set in [
            "",
            "{}",
            "{\"keys\": []}",
            "{\"keys\": [{\"kty\": \"RSA\"}]}",
        ] {
            assert!(read_set(set.as_bytes()).is_err(), "{set}");
        }
    }

    /// Made with `openssl dgst -sha256 -sign`.
    #[test]
    fn a_token_that_openssl_signed_has_a_good_signature() {
        let set = include_bytes!("../../tests/data/openssl-rs256.jwks.json");
        let token = include_str!("../../tests/data/openssl-rs256.jwt").trim();
        let keys = read_set(set).unwrap();
        jwt_crypto::PROVIDER.install_default().ok();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Value>(token, &keys[0].key, &validation).unwrap();
        assert_eq!(claims.claims["iss"], "joe");
        let changed = token.replacen("eyJpc3MiOiAiam9lIiwg", "eyJpc3MiOiAiZXZlIiwg", 1);
        assert!(jsonwebtoken::decode::<Value>(&changed, &keys[0].key, &validation).is_err());
    }
}

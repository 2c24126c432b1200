//! The signatures of JSON Web Tokens, checked by ring, which rustls uses, too.

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::signature::{Error, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use ring::{hmac, signature};

/// Checks signatures, and makes none.
pub(super) static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
    verifier_factory: |algorithm, key| {
        if algorithm.family() != key.family() {
            return Err(ErrorKind::InvalidAlgorithm.into());
        }
        Ok(Box::new(RingVerifier {
            algorithm: *algorithm,
            key: key.clone(),
        }))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct RingVerifier {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        let checked = match (self.algorithm, self.key.kind()) {
            (Algorithm::HS256, DecodingKeyKind::SecretOrDer(key)) => {
                mac(hmac::HMAC_SHA256, key, message, signature)
            }
            (Algorithm::HS384, DecodingKeyKind::SecretOrDer(key)) => {
                mac(hmac::HMAC_SHA384, key, message, signature)
            }
            (Algorithm::HS512, DecodingKeyKind::SecretOrDer(key)) => {
                mac(hmac::HMAC_SHA512, key, message, signature)
            }
            (Algorithm::ES256, DecodingKeyKind::SecretOrDer(key)) => {
                point(&signature::ECDSA_P256_SHA256_FIXED, key, message, signature)
            }
            (Algorithm::ES384, DecodingKeyKind::SecretOrDer(key)) => {
                point(&signature::ECDSA_P384_SHA384_FIXED, key, message, signature)
            }
            (Algorithm::EdDSA, DecodingKeyKind::SecretOrDer(key)) => {
                point(&signature::ED25519, key, message, signature)
            }
            (algorithm, DecodingKeyKind::RsaModulusExponent { n, e }) => {
                let parameters = match algorithm {
                    Algorithm::RS256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                    Algorithm::RS384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    Algorithm::RS512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                    Algorithm::PS256 => &signature::RSA_PSS_2048_8192_SHA256,
                    Algorithm::PS384 => &signature::RSA_PSS_2048_8192_SHA384,
                    Algorithm::PS512 => &signature::RSA_PSS_2048_8192_SHA512,
                    _ => return Err(Error::new()),
                };
                // Some providers write the sign's zero, which RFC 7518 forbids and ring refuses.
                let n = n.strip_prefix(&[0]).unwrap_or(n);
                signature::RsaPublicKeyComponents { n, e }.verify(parameters, message, signature)
            }
            _ => return Err(Error::new()),
        };
        checked.map_err(|_| Error::new())
    }
}

type Checked = Result<(), ring::error::Unspecified>;

fn mac(algorithm: hmac::Algorithm, key: &[u8], message: &[u8], tag: &[u8]) -> Checked {
    hmac::verify(&hmac::Key::new(algorithm, key), message, tag)
}

fn point(
    algorithm: &'static dyn signature::VerificationAlgorithm,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Checked {
    signature::UnparsedPublicKey::new(algorithm, key).verify(message, signature)
}

//! Certificates and revocation lists in the profile observed on JPKI test cards.

use der::asn1::{Any, BitString, Ia5String, ObjectIdentifier, OctetString, SetOfVec, UtcTime};
use der::asn1::{PrintableStringRef, Utf8StringRef};
use der::{DateTime, Encode};
use rsa::pkcs8::EncodePublicKey as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};
use sha2_10::{Digest as _, Sha256};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::certificate::{Certificate, TbsCertificate, Version};
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::certpolicy::{PolicyInformation, PolicyQualifierInfo};
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName, OtherName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints,
    CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage, IssuerAltName, KeyUsage,
    KeyUsages, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};

use crate::error::Error;

const SHA256_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const CPS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.1");
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
/// Policy of test authentication certificates; no production verifier accepts it.
pub const AUTH_POLICY: &str = "1.2.392.200149.8.5.1.0.30";
/// Policy of test signature certificates.
pub const SIGN_POLICY: &str = "1.2.392.200149.8.5.1.0.20";

/// Attribute types of the names used here.
#[derive(Clone, Copy)]
pub(crate) enum Attr {
    Country,
    Organisation,
    Unit,
    Locality,
    Common,
}

/// A name from attribute types and values, country as PrintableString, the rest as UTF8String.
pub(crate) fn name(parts: &[(Attr, &str)]) -> Result<Name, Error> {
    let mut rdns = Vec::new();
    for (attr, value) in parts {
        let (oid, value) = match attr {
            Attr::Country => ("2.5.4.6", Any::from(PrintableStringRef::new(value)?)),
            Attr::Organisation => ("2.5.4.10", Any::from(Utf8StringRef::new(value)?)),
            Attr::Unit => ("2.5.4.11", Any::from(Utf8StringRef::new(value)?)),
            Attr::Locality => ("2.5.4.7", Any::from(Utf8StringRef::new(value)?)),
            Attr::Common => ("2.5.4.3", Any::from(Utf8StringRef::new(value)?)),
        };
        let mut set = SetOfVec::new();
        set.insert(AttributeTypeAndValue {
            oid: ObjectIdentifier::new_unwrap(oid),
            value,
        })?;
        rdns.push(RelativeDistinguishedName(set));
    }
    Ok(RdnSequence(rdns))
}

fn authority_name(purpose: &str) -> Result<Name, Error> {
    name(&[
        (Attr::Country, "JP"),
        (Attr::Organisation, "JPKI-TEST"),
        (Attr::Unit, purpose),
        (
            Attr::Unit,
            "Japan Agency for Local Authority Information Systems",
        ),
    ])
}

fn japanese_name(unit: &str) -> Result<Name, Error> {
    name(&[
        (Attr::Country, "JP"),
        (Attr::Organisation, "公的個人認証サービス"),
        (Attr::Unit, unit),
        (Attr::Unit, "地方公共団体情報システム機構"),
    ])
}

/// A second since the epoch as X.509 time.
pub(crate) fn time(ms: u64) -> Result<Time, Error> {
    let date = DateTime::from_unix_duration(std::time::Duration::from_secs(ms / 1000))?;
    Ok(Time::UtcTime(UtcTime::from_date_time(date)?))
}

fn extension(oid: &str, critical: bool, value: &impl Encode) -> Result<Extension, Error> {
    Ok(Extension {
        extn_id: ObjectIdentifier::new_unwrap(oid),
        critical,
        extn_value: OctetString::new(value.to_der()?)?,
    })
}

/// SHA-1 of the public key bits (RFC 5280 §4.2.1.2 method 1).
fn key_id(key: &RsaPublicKey) -> Result<OctetString, Error> {
    use rsa::pkcs1::EncodeRsaPublicKey as _;
    let der = key
        .to_pkcs1_der()
        .map_err(|e| Error::Usage(format!("public key: {e}")))?;
    Ok(OctetString::new(
        sha1::Sha1::digest(der.as_bytes()).as_slice(),
    )?)
}

fn spki(key: &RsaPublicKey) -> Result<SubjectPublicKeyInfoOwned, Error> {
    use der::Decode as _;
    let der = key
        .to_public_key_der()
        .map_err(|e| Error::Usage(format!("public key: {e}")))?;
    Ok(SubjectPublicKeyInfoOwned::from_der(der.as_bytes())?)
}

fn algorithm() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid: SHA256_RSA,
        parameters: Some(Any::null()),
    }
}

fn sign(key: &RsaPrivateKey, message: &[u8]) -> Result<BitString, Error> {
    let signature = key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message))?;
    Ok(BitString::from_bytes(&signature)?)
}

fn crl_point(parts: &[(Attr, &str)]) -> Result<CrlDistributionPoints, Error> {
    Ok(CrlDistributionPoints(vec![DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![
            GeneralName::DirectoryName(name(parts)?),
        ])),
        reasons: None,
        crl_issuer: None,
    }]))
}

/// A self-signed test authority.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Its private key.
    pub key: RsaPrivateKey,
    /// Its certificate.
    pub certificate: Certificate,
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// 利用者証明用.
    Auth,
    /// 署名用.
    Sign,
}

impl Purpose {
    fn unit(self) -> &'static str {
        match self {
            Self::Auth => "JPKI for user authentication",
            Self::Sign => "JPKI for digital signature",
        }
    }
    fn unit_ja(self) -> &'static str {
        match self {
            Self::Auth => "公的個人認証サービス利用者証明用",
            Self::Sign => "公的個人認証サービス署名用",
        }
    }
}

/// From and to, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// notBefore.
    pub from: u64,
    /// notAfter.
    pub to: u64,
}

impl Span {
    fn validity(self) -> Result<Validity, Error> {
        Ok(Validity {
            not_before: time(self.from)?,
            not_after: time(self.to)?,
        })
    }
}

impl Authority {
    /// A self-signed authority. All authorities of one purpose share one name, as in reality.
    ///
    /// # Errors
    /// When encoding fails.
    pub fn create(
        key: &RsaPrivateKey,
        purpose: Purpose,
        serial: &[u8],
        span: Span,
    ) -> Result<Self, Error> {
        let subject = authority_name(purpose.unit())?;
        let alt = SubjectAltName(vec![GeneralName::DirectoryName(japanese_name(
            purpose.unit_ja(),
        )?)]);
        let point = crl_point(&[
            (Attr::Country, "JP"),
            (Attr::Organisation, "JPKI-TEST"),
            (Attr::Unit, purpose.unit()),
            (Attr::Unit, "CRL Distribution Points"),
            (Attr::Common, "CA CRLDP"),
        ])?;
        let usage = KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign);
        let basic = BasicConstraints {
            ca: true,
            path_len_constraint: None,
        };
        let extensions = vec![
            extension("2.5.29.15", true, &usage)?,
            extension("2.5.29.17", false, &alt)?,
            extension("2.5.29.19", true, &basic)?,
            extension("2.5.29.31", false, &point)?,
            extension(
                "2.5.29.14",
                false,
                &SubjectKeyIdentifier(key_id(&key.to_public_key())?),
            )?,
        ];
        let tbs = TbsCertificate {
            version: Version::V3,
            serial_number: SerialNumber::new(serial)?,
            signature: algorithm(),
            issuer: subject.clone(),
            validity: span.validity()?,
            subject,
            subject_public_key_info: spki(&key.to_public_key())?,
            issuer_unique_id: None,
            subject_unique_id: None,
            extensions: Some(extensions),
        };
        Ok(Self {
            key: key.clone(),
            certificate: seal(key, tbs)?,
        })
    }

    /// A leaf under this authority.
    ///
    /// # Errors
    /// When encoding fails.
    pub fn issue(&self, leaf: &Leaf<'_>) -> Result<Vec<u8>, Error> {
        let tbs = TbsCertificate {
            version: Version::V3,
            serial_number: SerialNumber::new(leaf.serial)?,
            signature: algorithm(),
            issuer: self.certificate.tbs_certificate.subject.clone(),
            validity: leaf.span.validity()?,
            subject: leaf.subject.clone(),
            subject_public_key_info: spki(leaf.key)?,
            issuer_unique_id: None,
            subject_unique_id: None,
            extensions: Some(self.leaf_extensions(leaf)?),
        };
        Ok(seal(&self.key, tbs)?.to_der()?)
    }

    fn leaf_extensions(&self, leaf: &Leaf<'_>) -> Result<Vec<Extension>, Error> {
        let ca = &self.certificate.tbs_certificate;
        let authority_key = AuthorityKeyIdentifier {
            key_identifier: Some(key_id(&self.key.to_public_key())?),
            authority_cert_issuer: Some(vec![GeneralName::DirectoryName(ca.issuer.clone())]),
            authority_cert_serial_number: Some(ca.serial_number.clone()),
        };
        let alt = IssuerAltName(vec![GeneralName::DirectoryName(japanese_name(
            leaf.purpose.unit_ja(),
        )?)]);
        let point = crl_point(&[
            (Attr::Country, "JP"),
            (Attr::Organisation, "JPKI-TEST"),
            (Attr::Unit, leaf.purpose.unit()),
            (Attr::Unit, "CRL Distribution Points"),
            (Attr::Unit, "Tokyo-to"),
            (Attr::Common, "Hibarino-shi CRLDP"),
        ])?;
        let mut all = Vec::new();
        match leaf.purpose {
            Purpose::Auth => {
                all.push(extension(
                    "2.5.29.15",
                    true,
                    &KeyUsage(KeyUsages::DigitalSignature.into()),
                )?);
                all.push(extension(
                    "2.5.29.37",
                    false,
                    &ExtendedKeyUsage(vec![CLIENT_AUTH]),
                )?);
                all.push(extension("2.5.29.32", true, &policy(AUTH_POLICY)?)?);
            }
            Purpose::Sign => {
                let usage = KeyUsages::DigitalSignature | KeyUsages::NonRepudiation;
                all.push(extension("2.5.29.15", true, &KeyUsage(usage))?);
                all.push(extension("2.5.29.32", true, &policy(SIGN_POLICY)?)?);
                all.push(extension("2.5.29.17", false, &holder()?)?);
            }
        }
        all.push(extension("2.5.29.18", false, &alt)?);
        all.push(extension("2.5.29.31", false, &point)?);
        all.push(extension("1.3.6.1.5.5.7.1.1", false, &ocsp_address()?)?);
        all.push(extension("2.5.29.35", false, &authority_key)?);
        all.push(extension(
            "2.5.29.14",
            false,
            &SubjectKeyIdentifier(key_id(leaf.key)?),
        )?);
        Ok(all)
    }

    /// A revocation list good for one day.
    ///
    /// # Errors
    /// When encoding fails.
    pub fn revocation_list(
        &self,
        this_update: u64,
        next_update: u64,
        revoked: &[(Vec<u8>, u64)],
    ) -> Result<Vec<u8>, Error> {
        let mut entries = Vec::new();
        for (serial, at) in revoked {
            entries.push(RevokedCert {
                serial_number: SerialNumber::new(serial)?,
                revocation_date: time(*at)?,
                crl_entry_extensions: None,
            });
        }
        let authority_key = AuthorityKeyIdentifier {
            key_identifier: Some(key_id(&self.key.to_public_key())?),
            authority_cert_issuer: None,
            authority_cert_serial_number: None,
        };
        let number = der::asn1::Uint::new(&(this_update / 1000).to_be_bytes())?;
        let crl_number = Extension {
            extn_id: CRL_NUMBER,
            critical: false,
            extn_value: OctetString::new(number.to_der()?)?,
        };
        let tbs = TbsCertList {
            version: Version::V2,
            signature: algorithm(),
            issuer: self.certificate.tbs_certificate.subject.clone(),
            this_update: time(this_update)?,
            next_update: Some(time(next_update)?),
            revoked_certificates: (!entries.is_empty()).then_some(entries),
            crl_extensions: Some(vec![
                extension("2.5.29.35", false, &authority_key)?,
                crl_number,
            ]),
        };
        let signature = sign(&self.key, &tbs.to_der()?)?;
        let list = CertificateList {
            tbs_cert_list: tbs,
            signature_algorithm: algorithm(),
            signature,
        };
        Ok(list.to_der()?)
    }
}

/// What a leaf says.
pub struct Leaf<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) serial: &'a [u8],
    pub(crate) subject: Name,
    pub(crate) span: Span,
    pub(crate) key: &'a RsaPublicKey,
}

fn seal(key: &RsaPrivateKey, tbs: TbsCertificate) -> Result<Certificate, Error> {
    let signature = sign(key, &tbs.to_der()?)?;
    Ok(Certificate {
        tbs_certificate: tbs,
        signature_algorithm: algorithm(),
        signature,
    })
}

fn policy(oid: &str) -> Result<CertificatePolicies, Error> {
    let address = Ia5String::new("http://www.jpki.go.jp/cps.html")?;
    Ok(CertificatePolicies(vec![PolicyInformation {
        policy_identifier: ObjectIdentifier::new_unwrap(oid),
        policy_qualifiers: Some(vec![PolicyQualifierInfo {
            policy_qualifier_id: CPS,
            qualifier: Some(Any::encode_from(&address)?),
        }]),
    }]))
}

fn ocsp_address() -> Result<AuthorityInfoAccessSyntax, Error> {
    Ok(AuthorityInfoAccessSyntax(vec![AccessDescription {
        access_method: OCSP,
        access_location: GeneralName::UniformResourceIdentifier(Ia5String::new(
            "http://127.0.0.1:47105/ocsp",
        )?),
    }]))
}

/// The four attributes of a signature certificate, about nobody.
fn holder() -> Result<SubjectAltName, Error> {
    let attributes = [
        ("1.2.392.200149.8.5.5.1", "試験　太郎"),
        ("1.2.392.200149.8.5.5.4", "319800217"),
        ("1.2.392.200149.8.5.5.3", "1"),
        ("1.2.392.200149.8.5.5.5", "東京都ひばり野市一丁目１"),
    ];
    let mut names = Vec::new();
    for (oid, text) in attributes {
        names.push(GeneralName::OtherName(OtherName {
            type_id: ObjectIdentifier::new_unwrap(oid),
            value: Any::from(Utf8StringRef::new(text)?),
        }));
    }
    Ok(SubjectAltName(names))
}

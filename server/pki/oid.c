#include "pki/oid.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

struct entry {
  const char *oid, *name;
};

/* X.520, RFC 4519, PKCS #9, RFC 1274, CA/Browser Forum and others: the short names that OpenSSL 3.0 prints. An
 * attribute that is not here is printed by its number. */
static const struct entry attributes[] = {
  { "0.9.2342.19200300.100.1.1", "UID" }, { "0.9.2342.19200300.100.1.2", "textEncodedORAddress" },
  { "0.9.2342.19200300.100.1.3", "mail" }, { "0.9.2342.19200300.100.1.4", "info" },
  { "0.9.2342.19200300.100.1.5", "favouriteDrink" }, { "0.9.2342.19200300.100.1.6", "roomNumber" },
  { "0.9.2342.19200300.100.1.7", "photo" }, { "0.9.2342.19200300.100.1.8", "userClass" },
  { "0.9.2342.19200300.100.1.9", "host" }, { "0.9.2342.19200300.100.1.10", "manager" },
  { "0.9.2342.19200300.100.1.11", "documentIdentifier" }, { "0.9.2342.19200300.100.1.12", "documentTitle" },
  { "0.9.2342.19200300.100.1.13", "documentVersion" }, { "0.9.2342.19200300.100.1.14", "documentAuthor" },
  { "0.9.2342.19200300.100.1.15", "documentLocation" }, { "0.9.2342.19200300.100.1.20", "homeTelephoneNumber" },
  { "0.9.2342.19200300.100.1.21", "secretary" }, { "0.9.2342.19200300.100.1.22", "otherMailbox" },
  { "0.9.2342.19200300.100.1.23", "lastModifiedTime" }, { "0.9.2342.19200300.100.1.24", "lastModifiedBy" },
  { "0.9.2342.19200300.100.1.25", "DC" }, { "0.9.2342.19200300.100.1.26", "aRecord" },
  { "0.9.2342.19200300.100.1.27", "pilotAttributeType27" }, { "0.9.2342.19200300.100.1.28", "mXRecord" },
  { "0.9.2342.19200300.100.1.29", "nSRecord" }, { "0.9.2342.19200300.100.1.30", "sOARecord" },
  { "0.9.2342.19200300.100.1.31", "cNAMERecord" }, { "0.9.2342.19200300.100.1.37", "associatedDomain" },
  { "0.9.2342.19200300.100.1.38", "associatedName" }, { "0.9.2342.19200300.100.1.39", "homePostalAddress" },
  { "0.9.2342.19200300.100.1.40", "personalTitle" }, { "0.9.2342.19200300.100.1.41", "mobileTelephoneNumber" },
  { "0.9.2342.19200300.100.1.42", "pagerTelephoneNumber" }, { "0.9.2342.19200300.100.1.43", "friendlyCountryName" },
  { "0.9.2342.19200300.100.1.44", "uid" }, { "0.9.2342.19200300.100.1.45", "organizationalStatus" },
  { "0.9.2342.19200300.100.1.46", "janetMailbox" }, { "0.9.2342.19200300.100.1.47", "mailPreferenceOption" },
  { "0.9.2342.19200300.100.1.48", "buildingName" }, { "0.9.2342.19200300.100.1.49", "dSAQuality" },
  { "0.9.2342.19200300.100.1.50", "singleLevelQuality" }, { "0.9.2342.19200300.100.1.51", "subtreeMinimumQuality" },
  { "0.9.2342.19200300.100.1.52", "subtreeMaximumQuality" }, { "0.9.2342.19200300.100.1.53", "personalSignature" },
  { "0.9.2342.19200300.100.1.54", "dITRedirect" }, { "0.9.2342.19200300.100.1.55", "audio" },
  { "0.9.2342.19200300.100.1.56", "documentPublisher" }, { "1.2.643.3.131.1.1", "INN" }, { "1.2.643.100.1", "OGRN" },
  { "1.2.643.100.3", "SNILS" }, { "1.2.643.100.5", "OGRNIP" }, { "1.2.643.100.111", "subjectSignTool" },
  { "1.2.643.100.112", "issuerSignTool" }, { "1.2.643.100.113", "classSignTool" },
  { "1.2.840.113549.1.9.1", "emailAddress" }, { "1.2.840.113549.1.9.2", "unstructuredName" },
  { "1.2.840.113549.1.9.3", "contentType" }, { "1.2.840.113549.1.9.4", "messageDigest" },
  { "1.2.840.113549.1.9.5", "signingTime" }, { "1.2.840.113549.1.9.6", "countersignature" },
  { "1.2.840.113549.1.9.7", "challengePassword" }, { "1.2.840.113549.1.9.8", "unstructuredAddress" },
  { "1.2.840.113549.1.9.9", "extendedCertificateAttributes" }, { "1.2.840.113549.1.9.14", "extReq" },
  { "1.2.840.113549.1.9.15", "SMIME-CAPS" }, { "1.2.840.113549.1.9.16", "SMIME" },
  { "1.2.840.113549.1.9.20", "friendlyName" }, { "1.2.840.113549.1.9.21", "localKeyID" },
  { "1.3.6.1.4.1.311.17.1", "CSPName" },
  { "1.3.6.1.4.1.311.17.2", "LocalKeySet" }, { "1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL" },
  { "1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST" }, { "1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC" },
  { "2.5.4.3", "CN" }, { "2.5.4.4", "SN" }, { "2.5.4.5", "serialNumber" }, { "2.5.4.6", "C" }, { "2.5.4.7", "L" },
  { "2.5.4.8", "ST" }, { "2.5.4.9", "street" }, { "2.5.4.10", "O" }, { "2.5.4.11", "OU" }, { "2.5.4.12", "title" },
  { "2.5.4.13", "description" }, { "2.5.4.14", "searchGuide" }, { "2.5.4.15", "businessCategory" },
  { "2.5.4.16", "postalAddress" }, { "2.5.4.17", "postalCode" }, { "2.5.4.18", "postOfficeBox" },
  { "2.5.4.19", "physicalDeliveryOfficeName" }, { "2.5.4.20", "telephoneNumber" }, { "2.5.4.21", "telexNumber" },
  { "2.5.4.22", "teletexTerminalIdentifier" }, { "2.5.4.23", "facsimileTelephoneNumber" },
  { "2.5.4.24", "x121Address" }, { "2.5.4.25", "internationaliSDNNumber" }, { "2.5.4.26", "registeredAddress" },
  { "2.5.4.27", "destinationIndicator" }, { "2.5.4.28", "preferredDeliveryMethod" },
  { "2.5.4.29", "presentationAddress" }, { "2.5.4.30", "supportedApplicationContext" }, { "2.5.4.31", "member" },
  { "2.5.4.32", "owner" }, { "2.5.4.33", "roleOccupant" }, { "2.5.4.34", "seeAlso" }, { "2.5.4.35", "userPassword" },
  { "2.5.4.36", "userCertificate" }, { "2.5.4.37", "cACertificate" }, { "2.5.4.38", "authorityRevocationList" },
  { "2.5.4.39", "certificateRevocationList" }, { "2.5.4.40", "crossCertificatePair" }, { "2.5.4.41", "name" },
  { "2.5.4.42", "GN" }, { "2.5.4.43", "initials" }, { "2.5.4.44", "generationQualifier" },
  { "2.5.4.45", "x500UniqueIdentifier" }, { "2.5.4.46", "dnQualifier" }, { "2.5.4.47", "enhancedSearchGuide" },
  { "2.5.4.48", "protocolInformation" }, { "2.5.4.49", "distinguishedName" }, { "2.5.4.50", "uniqueMember" },
  { "2.5.4.51", "houseIdentifier" }, { "2.5.4.52", "supportedAlgorithms" }, { "2.5.4.53", "deltaRevocationList" },
  { "2.5.4.54", "dmdName" }, { "2.5.4.65", "pseudonym" }, { "2.5.4.72", "role" },
  { "2.5.4.97", "organizationIdentifier" }, { "2.5.4.98", "c3" }, { "2.5.4.99", "n3" }, { "2.5.4.100", "dnsName" },
};

static const struct entry purposes[] = {
  { "1.3.6.1.5.5.7.3.1", "serverAuth" },      { "1.3.6.1.5.5.7.3.2", "clientAuth" },
  { "1.3.6.1.5.5.7.3.3", "codeSigning" },     { "1.3.6.1.5.5.7.3.4", "emailProtection" },
  { "1.3.6.1.5.5.7.3.8", "timeStamping" },    { "1.3.6.1.5.5.7.3.9", "OCSPSigning" },
  { "2.5.29.37.0", "anyExtendedKeyUsage" },
};

static const struct {
  const char *oid, *name;
  int bits;
} curves[] = {
  { "1.2.840.10045.3.1.7", "P-256", 256 },
  { "1.3.132.0.34", "P-384", 384 },
  { "1.3.132.0.35", "P-521", 521 },
  { "1.3.132.0.33", "P-224", 224 },
  { "1.2.840.10045.3.1.1", "P-192", 192 },
  { "1.3.132.0.10", "secp256k1", 256 },
  { "1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256 },
  { "1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384 },
  { "1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 512 },
};

static const struct oid_signature signatures[] = {
  { "1.2.840.113549.1.1.11", "sha256WithRSAEncryption", "SHA-256" },
  { "1.2.840.113549.1.1.12", "sha384WithRSAEncryption", "SHA-384" },
  { "1.2.840.113549.1.1.13", "sha512WithRSAEncryption", "SHA-512" },
  { "1.2.840.113549.1.1.14", "sha224WithRSAEncryption", "SHA-224" },
  { "1.2.840.113549.1.1.10", "rsassaPss", NULL },
  { "1.2.840.113549.1.1.5", "sha1WithRSAEncryption", "SHA-1" },
  { "1.3.14.3.2.29", "sha1WithRSA", "SHA-1" },
  { "1.2.840.113549.1.1.4", "md5WithRSAEncryption", "MD5" },
  { "1.2.840.113549.1.1.3", "md4WithRSAEncryption", "MD4" },
  { "1.2.840.113549.1.1.2", "md2WithRSAEncryption", "MD2" },
  { "1.2.840.10045.4.1", "ecdsa-with-SHA1", "SHA-1" },
  { "1.2.840.10045.4.3.1", "ecdsa-with-SHA224", "SHA-224" },
  { "1.2.840.10045.4.3.2", "ecdsa-with-SHA256", "SHA-256" },
  { "1.2.840.10045.4.3.3", "ecdsa-with-SHA384", "SHA-384" },
  { "1.2.840.10045.4.3.4", "ecdsa-with-SHA512", "SHA-512" },
  { "1.3.101.112", "ED25519", "Ed25519" },
  { "1.3.101.113", "ED448", "Ed448" },
  { "1.2.840.10040.4.3", "dsaWithSHA1", "SHA-1" },
  { "2.16.840.1.101.3.4.3.2", "dsa_with_SHA256", "SHA-256" },
};

static const struct entry digests[] = {
  { "2.16.840.1.101.3.4.2.1", "SHA-256" }, { "2.16.840.1.101.3.4.2.2", "SHA-384" },
  { "2.16.840.1.101.3.4.2.3", "SHA-512" }, { "2.16.840.1.101.3.4.2.4", "SHA-224" },
  { "1.3.14.3.2.26", "SHA-1" },            { "1.2.840.113549.2.5", "MD5" },
};

static const struct entry keys[] = {
  { "1.2.840.113549.1.1.1", "RSA" }, { "1.2.840.113549.1.1.10", "RSA-PSS" }, { "1.2.840.10045.2.1", "EC" },
  { "1.3.101.112", "Ed25519" },      { "1.3.101.113", "Ed448" },             { "1.2.840.10040.4.1", "DSA" },
};

/* digits (decimal, least significant first) = digits * 128 + v */
static size_t shift_in(uint8_t *digits, size_t count, unsigned v)
{
  for (size_t i = 0; i < count; i++) {
    v += digits[i] * 128u;
    digits[i] = (uint8_t)(v % 10);
    v /= 10;
  }
  for (; v; v /= 10)
    digits[count++] = (uint8_t)(v % 10);
  return count;
}

/* The first arc holds two numbers: 40 * first + second, where first is 0, 1 or 2 (X.690, 8.19.4). */
static size_t split_first(uint8_t *digits, size_t count, char *out)
{
  unsigned small = count <= 2 ? digits[0] + (count == 2 ? digits[1] * 10u : 0) : 99;
  unsigned first = small < 40 ? 0 : small < 80 ? 1 : 2, borrow = first * 40;
  for (size_t i = 0; i < count; i++) {
    unsigned take = borrow % 10;
    borrow /= 10;
    if (digits[i] < take) {
      digits[i] = (uint8_t)(digits[i] + 10);
      borrow++;
    }
    digits[i] = (uint8_t)(digits[i] - take);
  }
  while (count > 1 && digits[count - 1] == 0)
    count--;
  out[0] = (char)('0' + first);
  out[1] = '.';
  return count;
}

bool oid_text(struct der content, char out[OID_TEXT_SIZE])
{
  uint8_t digits[OID_BYTES_MAX * 7 / 3 + 4] = { 0 };
  size_t count = 1;
  char *to = out;
  if (content.len == 0 || content.len > OID_BYTES_MAX || content.p[content.len - 1] & 0x80)
    return false;
  bool starts = true;
  for (size_t i = 0; i < content.len; i++) {
    if (starts && content.p[i] == 0x80) /* a leading zero */
      return false;
    count = shift_in(digits, count, content.p[i] & 0x7f);
    starts = !(content.p[i] & 0x80);
    if (!starts)
      continue;
    if (to == out) {
      count = split_first(digits, count, to);
      to += 2;
    } else {
      *to++ = '.';
    }
    while (count)
      *to++ = (char)('0' + digits[--count]);
    digits[0] = 0;
    count = 1;
  }
  *to = '\0';
  return true;
}

static const char *find(const struct entry *table, size_t count, const char *oid)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp(table[i].oid, oid) == 0)
      return table[i].name;
  return NULL;
}

const char *oid_attribute(const char *oid) { return find(attributes, COUNT_OF(attributes), oid); }
const char *oid_purpose(const char *oid) { return find(purposes, COUNT_OF(purposes), oid); }
const char *oid_digest(const char *oid) { return find(digests, COUNT_OF(digests), oid); }
const char *oid_key(const char *oid) { return find(keys, COUNT_OF(keys), oid); }

const char *oid_curve(const char *oid, int *bits)
{
  for (size_t i = 0; i < COUNT_OF(curves); i++)
    if (strcmp(curves[i].oid, oid) == 0) {
      *bits = curves[i].bits;
      return curves[i].name;
    }
  return NULL;
}

const struct oid_signature *oid_signature(const char *oid)
{
  for (size_t i = 0; i < COUNT_OF(signatures); i++)
    if (strcmp(signatures[i].oid, oid) == 0)
      return &signatures[i];
  return NULL;
}

bool oid_digest_is_weak(const char *digest)
{
  return strcmp(digest, "SHA-1") == 0 || strncmp(digest, "MD", 2) == 0;
}

// Generated from src/core/reasons.json by src/core/generate_reasons.py; do not edit.
//
// A Reason is a stable number with a name: the only way outcomes are reported.
#pragma once

#include <cstdint>
#include <string_view>

namespace ostiary {

enum class Reason : std::int32_t {
  kOk = 0,  ///< The call did what was asked.
  kUsageArgument = 1,  ///< An argument is NULL, out of range or contradicts another; the message names it.
  kUsageStructSize = 2,  ///< struct_size is smaller than the first released version of the struct; use the _INIT macro.
  kUsageUnknownOption = 3,  ///< The caller set an option this version of the library does not know.
  kUsageScratchTooSmall = 4,  ///< The scratch memory given is too small for this request.
  kNoMemory = 5,  ///< The allocator returned nothing.
  kInternal = 6,  ///< A defect of the library was caught; the handle must not be used again.
  kUsagePeer = 7,  ///< The peer address given by the host is not an IPv4 or IPv6 address.
  kUsageIssuerUnknown = 8,  ///< Keys were given for an issuer that the Gate does not name.
  kUsageHandlePoisoned = 9,  ///< An earlier call on this handle ended in INTERNAL; free it and make a new one.
  kUsageAddressBlock = 10,  ///< An address block is not an IPv4 or IPv6 address, a slash and a prefix length with no bit set behind it.
  kUsageHeaderEdit = 11,  ///< A header edit has a name or a value that cannot stand in a header, or edits framing or Host.
  kUsageWaiver = 12,  ///< A rule was waived that is unknown or cannot be waived.
  kUsageFlag = 13,  ///< The host set a flag that the Gate does not declare.
  kHeadEmpty = 1001,  ///< There are no bytes to inspect.
  kHeadIncomplete = 1002,  ///< The head ends before its empty line; more bytes are needed.
  kHeadTooLarge = 1003,  ///< The head is longer than the limit.
  kHeadBareLf = 1004,  ///< A line ends in LF without CR.
  kHeadBareCr = 1005,  ///< A CR is not followed by LF.
  kHeadLeadingEmptyLine = 1006,  ///< One empty line stood before the request line; it was skipped.
  kMethodMalformed = 1010,  ///< The method is empty or has a byte that is not a token character.
  kMethodUnsupported = 1011,  ///< The method is not one of the methods of RFC 9110 and RFC 5789 in upper case.
  kRequestLineMalformed = 1012,  ///< The request line is not method SP target SP version.
  kVersionUnsupported = 1013,  ///< The version is neither HTTP/1.1 nor HTTP/1.0.
  kTargetTooLong = 1020,  ///< The request target is longer than the limit.
  kTargetForm = 1021,  ///< The target has a form that its method does not take: a path that starts with a slash, http or https and an authority, the authority alone for CONNECT, the asterisk for OPTIONS.
  kTargetCharacter = 1022,  ///< The request target has a byte that must be percent-encoded there.
  kTargetFragment = 1023,  ///< The request target has a fragment.
  kTargetScheme = 1024,  ///< The target is in absolute form with a scheme other than http or https.
  kTargetUserInformation = 1025,  ///< The authority of the target has user information.
  kTargetAbsolute = 1026,  ///< The target was in absolute form; the view has its authority, path and query.
  kPathEscape = 1030,  ///< A percent sign is not followed by two hexadecimal digits.
  kPathEncodedSeparator = 1031,  ///< The path has an encoded slash or backslash, which other programs take for a separator.
  kPathBackslash = 1032,  ///< The path has a raw backslash.
  kPathControl = 1033,  ///< The path has an encoded control character.
  kPathDoubleEncoded = 1034,  ///< The path would still have an escape after one decoding.
  kPathAboveRoot = 1035,  ///< A dot segment climbs above the root.
  kPathMatrixParameter = 1036,  ///< A path segment has a semicolon, raw or encoded, where some programs cut it off.
  kPathAmbiguousSlashes = 1037,  ///< The path has both empty and dot segments; their order of removal changes its meaning.
  kPathUtf8 = 1038,  ///< The decoded path is not valid UTF-8.
  kPathDotSegment = 1039,  ///< The path had dot segments, which were removed.
  kPathEmptySegment = 1040,  ///< The path had empty segments, which were merged.
  kPathNormalisedEscape = 1041,  ///< The path had escapes that were decoded or written in upper case.
  kPathNonAscii = 1042,  ///< The path has encoded characters outside ASCII.
  kPathEncodedDelimiter = 1043,  ///< The path has an encoded delimiter that was kept encoded.
  kPathTrailingDotOrSpace = 1044,  ///< A path segment ends in a dot or an encoded space, which some file systems drop.
  kPathLookalike = 1045,  ///< The path has a character that compatibility normalisation turns into a dot, a separator or another delimiter.
  kPathOverlong = 1046,  ///< The path has an overlong UTF-8 sequence.
  kFieldName = 1050,  ///< A field name is empty or has a byte that is not a token character; pseudo-headers are not fields.
  kFieldColon = 1051,  ///< A field line has no colon.
  kFieldSpaceBeforeColon = 1052,  ///< White space stands between a field name and its colon.
  kFieldFolded = 1053,  ///< A field line starts with white space (obsolete line folding).
  kFieldValue = 1054,  ///< A field value has a control character.
  kFieldTooMany = 1055,  ///< There are more fields than the limit.
  kFieldDuplicate = 1056,  ///< A field that may stand once stands twice.
  kFieldNameUnderscore = 1057,  ///< A field name has an underscore, which gateways take for a hyphen.
  kFieldValueObsText = 1058,  ///< A field value has bytes outside ASCII.
  kFieldNameCase = 1059,  ///< A field name in HTTP/2 or HTTP/3 has an upper-case letter.
  kFieldConnectionSpecific = 1060,  ///< Connection names a field that must reach the origin, or something that is not a token.
  kFieldNotInHttp2 = 1061,  ///< A connection-specific field stands in an HTTP/2 or HTTP/3 request.
  kFieldTrustedOnly = 1062,  ///< The field tells about an earlier hop; it is removed unless a trusted hop sent it.
  kFieldForbidden = 1063,  ///< The field would override method, target or scheme behind the door's back; it is removed.
  kFieldListTooLong = 1064,  ///< A Range, If-Match, If-None-Match or Connection has more members than the limit, or more hops are listed than are looked at.
  kExpectUnsupported = 1065,  ///< Expect is not exactly 100-continue.
  kUpgradeH2c = 1066,  ///< An upgrade to unencrypted HTTP/2 is asked for; the offer is removed.
  kUpgradeRefused = 1067,  ///< A change of protocol is asked for and the route does not permit it.
  kUpgradeWithBody = 1068,  ///< A change of protocol is asked for by a request with a body, or Upgrade is not a list of protocols.
  kHostMissing = 1070,  ///< There is no Host field or authority.
  kHostDuplicate = 1071,  ///< There is more than one Host field.
  kHostMalformed = 1072,  ///< The Host is not a host name, an IPv4 address or a bracketed IPv6 address with an optional port.
  kHostDisagrees = 1073,  ///< The authority and the Host field differ.
  kLengthMalformed = 1080,  ///< Content-Length is not one decimal number below 2^63 without leading zeros.
  kLengthDuplicate = 1081,  ///< There is more than one Content-Length.
  kLengthWithEncoding = 1082,  ///< Content-Length and Transfer-Encoding stand together.
  kEncodingUnsupported = 1083,  ///< Transfer-Encoding is not exactly one chunked.
  kEncodingVersion = 1084,  ///< Transfer-Encoding stands in a message that is not HTTP/1.1.
  kBodyUnexpected = 1085,  ///< A GET, HEAD, CONNECT or TRACE request has a body.
  kCookieLegacy = 1100,  ///< The Cookie field has a $Version attribute, with which some programs change to another grammar.
  kCookieNameless = 1101,  ///< A cookie has no name; it is passed over.
  kCookieDuplicate = 1102,  ///< A cookie that must stand once stands twice.
  kCookieTooMany = 1103,  ///< There are more cookies than the limit.
  kParameterDuplicate = 1110,  ///< A query parameter that must stand once stands twice.
  kParameterTooMany = 1111,  ///< There are more query parameters than the limit.
  kClientHopMalformed = 1120,  ///< A hop is not an address; the hops before it are not believed.
  kClientHopsMissing = 1121,  ///< There are fewer hops than are trusted; the peer is taken for the client.
  kClientFieldMalformed = 1122,  ///< The field that the platform sets is absent, doubled or no address.
  kStructuredFieldSyntax = 1130,  ///< The value is not a structured field of the expected type.
  kStructuredFieldNumber = 1131,  ///< A number has too many digits or is malformed.
  kStructuredFieldString = 1132,  ///< A string is not closed or has a byte that may not stand in it.
  kStructuredFieldBytes = 1133,  ///< A byte sequence is not closed or not base64.
  kStructuredFieldKey = 1134,  ///< A key does not start with a lower-case letter or an asterisk.
  kStructuredFieldDate = 1135,  ///< A date is not an integer.
  kStructuredFieldDisplay = 1136,  ///< A display string is not closed, not escaped in lower case or not UTF-8.
  kStructuredFieldLimit = 1137,  ///< A structured field has more members or parameters than the limit.
  kStructuredFieldValue = 1138,  ///< A value cannot be written as a structured field.
  kCredentialMissing = 2001,  ///< The request carries no credential and the route needs one.
  kCredentialScheme = 2002,  ///< The Authorization scheme is not Bearer.
  kCredentialMalformed = 2003,  ///< The Authorization value is not one scheme, one space and one token.
  kTokenEmpty = 2010,  ///< The token is empty.
  kTokenTooLong = 2011,  ///< The token or one of its parts is longer than the limit.
  kTokenCharacter = 2012,  ///< The token has a byte that is neither base64url nor a dot.
  kTokenSegments = 2013,  ///< The token does not have exactly three non-empty parts.
  kTokenEncrypted = 2014,  ///< The token has five parts (JWE); encrypted tokens are not accepted.
  kTokenBase64 = 2015,  ///< A part is not canonical base64url: a wrong length, or unused bits that are not zero.
  kTokenHeaderJson = 2020,  ///< The header is not one strict JSON object.
  kTokenPayloadJson = 2021,  ///< The payload is not one strict JSON object.
  kTokenDuplicateMember = 2022,  ///< A JSON member name stands twice in the header or the payload.
  kTokenJsonLimit = 2023,  ///< The header or the payload is nested too deeply or has too many members.
  kTokenAlgorithmMissing = 2030,  ///< The header has no alg, or alg is not a string.
  kTokenAlgorithmRefused = 2031,  ///< The algorithm is none, unknown, or not one the issuer is allowed to use.
  kTokenCritical = 2032,  ///< The header marks an extension as critical; none is supported.
  kTokenHeaderMember = 2033,  ///< A header member has the wrong type or belongs to an encrypted token.
  kTokenType = 2034,  ///< The typ of the token is not JWT or at+jwt.
  kTokenKeyIdMissing = 2035,  ///< The header has no kid and more than one key could have signed.
  kTokenKeyUnknown = 2036,  ///< No key of the issuer has this kid and algorithm.
  kTokenSignatureLength = 2037,  ///< The signature does not have the length its key demands.
  kTokenSignature = 2038,  ///< The signature does not match.
  kTokenIssuerMissing = 2040,  ///< The token has no iss, or iss is not a string.
  kTokenIssuerUnknown = 2041,  ///< The issuer is not one that is trusted here.
  kTokenIssuerKeys = 2042,  ///< No keys have been given for the issuer.
  kTokenAudienceMissing = 2043,  ///< The token has no aud, or aud is neither a string nor a list of strings.
  kTokenAudience = 2044,  ///< The token is meant for another audience.
  kTokenExpiryMissing = 2045,  ///< The token has no exp.
  kTokenDate = 2046,  ///< exp, nbf or iat is not a non-negative JSON number below 2^53.
  kTokenExpired = 2047,  ///< The token has expired.
  kTokenNotYetValid = 2048,  ///< The token is not valid yet (nbf or iat lies in the future).
  kTokenClaimType = 2049,  ///< A registered claim has the wrong type.
  kIdentityImage = 2050,  ///< The bytes are not a well-formed Identity.
  kTokenClaimMissing = 2051,  ///< A claim that this kind of token must have is absent.
  kTokenClaimValue = 2052,  ///< A claim or a header member that the policy fixes is absent or has another value.
  kTokenProfile = 2053,  ///< The token bears the mark of another kind of token than the one expected.
  kTokenNonce = 2054,  ///< The nonce is absent or is not the one of this login.
  kTokenAuthorizedParty = 2055,  ///< azp is absent although there are several audiences, or names another client.
  kTokenHash = 2056,  ///< at_hash or c_hash is absent or belongs to another access token or code.
  kTokenEvents = 2057,  ///< The events claim is not that of a logout token, or neither sub nor sid says who leaves.
  kTokenTooOld = 2058,  ///< The token was issued longer ago than the policy allows.
  kTokenRevoked = 2059,  ///< The token, its key, its session or its subject stands on the revocation list.
  kDpopMissing = 2060,  ///< The token is bound to a key and the request carries no DPoP proof.
  kDpopMultiple = 2061,  ///< There is more than one DPoP field, or it holds more than one proof.
  kDpopMalformed = 2062,  ///< The DPoP proof is not a signed token of strict syntax.
  kDpopType = 2063,  ///< The typ of the proof is not dpop+jwt.
  kDpopAlgorithm = 2064,  ///< The algorithm of the proof is none, symmetric, unknown or not allowed here.
  kDpopKey = 2065,  ///< The jwk of the proof is missing, private, or no key that Ostiary can use.
  kDpopSignature = 2066,  ///< The signature of the proof does not match its own key.
  kDpopClaims = 2067,  ///< jti, htm, htu or iat of the proof is missing, empty, too long or of the wrong type.
  kDpopMethod = 2068,  ///< htm is not the method of the request.
  kDpopUri = 2069,  ///< htu is not the URI of the request.
  kDpopAge = 2070,  ///< The proof is too old, or was made in the future.
  kDpopNonce = 2071,  ///< The proof has no nonce, or one that this server did not give out lately.
  kDpopAccessToken = 2072,  ///< ath is missing or belongs to another access token.
  kDpopBinding = 2073,  ///< The token is bound to another key than the one the proof shows.
  kDpopUnbound = 2074,  ///< The DPoP scheme was used with a token that is bound to no key.
  kDpopScheme = 2075,  ///< A token that is bound to a key was presented as a bearer token.
  kDpopReplay = 2076,  ///< The proof was used before.
  kDpopReplayUnknown = 2077,  ///< Whether the proof was used before cannot be told: the replay memory is full or its store does not answer.
  kCertificateMissing = 2080,  ///< The token is bound to a client certificate and the connection has none.
  kCertificateBinding = 2081,  ///< The token is bound to another client certificate.
  kConfirmationUnknown = 2082,  ///< The token is bound to a sender in a way that is malformed or not supported.
  kKeysJson = 3001,  ///< The key set is not one strict JSON object with an array named keys.
  kKeysDuplicateMember = 3002,  ///< A JSON member name stands twice in the key set.
  kKeysLimit = 3003,  ///< The key set is larger, deeper or has more keys than the limit.
  kKeysEmpty = 3004,  ///< The key set has no key that can verify a signature.
  kKeysDuplicateId = 3005,  ///< Two usable keys have the same kid.
  kKeyType = 3010,  ///< The key type is missing or not supported; the key is skipped.
  kKeyUse = 3011,  ///< use or key_ops does not allow verification; the key is skipped.
  kKeyAlgorithm = 3012,  ///< alg is not supported or does not fit the key type; the key is skipped.
  kKeyPrivate = 3013,  ///< The set holds private or symmetric key material; the whole set is refused.
  kKeyMember = 3014,  ///< A key member is missing, has the wrong type or is not canonical base64url.
  kKeyRsaSize = 3015,  ///< The RSA modulus is shorter than 2048 or longer than 8192 bits, or even.
  kKeyRsaExponent = 3016,  ///< The RSA exponent is not odd and between 3 and 2^32.
  kKeyCurve = 3017,  ///< The curve is not one this algorithm uses.
  kKeyPoint = 3018,  ///< The coordinates are not a point of the curve, or not of full length.
  kKeyWeak = 3019,  ///< The RSA modulus has a small factor or the form of a known broken generator; the key is skipped.
  kKeyPem = 3020,  ///< The text is not exactly one PEM block, PUBLIC KEY or CERTIFICATE, of strict base64.
  kKeyCertificate = 3021,  ///< The certificate cannot be parsed.
  kKeySecretSize = 3022,  ///< The secret is shorter than the hash of its algorithm, or longer than the limit.
  kKeySecretPublic = 3023,  ///< The secret is a public key, a certificate or a key set: everyone knows it.
  kKeyUnsupported = 3024,  ///< The cryptographic library that is linked does not have this algorithm; the key is skipped.
  kDiscoveryJson = 3030,  ///< The discovery document is not one strict JSON object within the limits.
  kDiscoveryIssuer = 3031,  ///< The issuer of the discovery document is not the one it was asked for.
  kDiscoveryUri = 3032,  ///< jwks_uri is missing or not an https URI.
  kKeySourceTicket = 3033,  ///< The answer belongs to no fetch that is under way.
  kKeysNotFound = 3034,  ///< The host could not fetch the keys.
  kRevocationJson = 3040,  ///< The revocation list is not strict JSON of the documented form.
  kRevocationLimit = 3041,  ///< The revocation list is larger than the limit.
  kAllowed = 4001,  ///< A rule allows the request and no rule denies it.
  kNotDecided = 4002,  ///< No decision was taken; this is what a Decision holds before it is filled.
  kRouteUnknown = 4010,  ///< No route matches the host and path.
  kRouteMethod = 4011,  ///< A route matches the host and path, but not with this method.
  kRouteHost = 4012,  ///< No route has this host.
  kRateLimited = 4013,  ///< The rate limit of the route is reached.
  kRuleDenied = 4020,  ///< A deny rule matches.
  kRuleNoMatch = 4021,  ///< No rule allows this identity on this route.
  kRoleNone = 4022,  ///< The route demands a role and no role mapping matches.
  kRoleAmbiguous = 4023,  ///< More than one role mapping matches.
  kRoleSession = 4024,  ///< A claim that must name or tag the role's session has a value that AWS does not take.
  kIdentityHeaderValue = 4030,  ///< A claim that must be sent to the origin has bytes that cannot stand in a header, or is too long.
  kGateJson = 5001,  ///< The Gate is not strict JSON.
  kGateDuplicateMember = 5002,  ///< A member name stands twice in the Gate.
  kGateLimit = 5003,  ///< The Gate is larger, deeper or has more of something than the limit.
  kGateUnknownMember = 5004,  ///< The language has no such member.
  kGateMissingMember = 5005,  ///< A required member is missing.
  kGateType = 5006,  ///< A member has the wrong JSON type.
  kGateValue = 5007,  ///< A value is outside what the language allows.
  kGateReference = 5008,  ///< A name is used that nothing declares.
  kGateDuplicateId = 5009,  ///< Two routes or two rules have the same id.
  kGatePattern = 5010,  ///< A host or path pattern is not in canonical form.
  kGateAmbiguous = 5011,  ///< Two routes match the same request and neither is more specific; the message shows the request.
  kImageFormat = 5020,  ///< The bytes are not a Gate image of a format this version reads.
  kImageDamaged = 5021,  ///< The Gate image is truncated or damaged.
  kImageUnsigned = 5022,  ///< The Gate image is not signed, and this door asks for a signature.
  kImageSignature = 5023,  ///< The signature of the Gate image is not right, or of a key that is not trusted.
  kImageRollback = 5024,  ///< The Gate image is older than what this door still accepts.
  kImageUnproved = 5025,  ///< The Gate image has no proof that it stays inside a boundary, and this door asks for one.
  kImageBoundary = 5026,  ///< The Gate image was proved inside another boundary than the one that this door pins.
  kImageReview = 5027,  ///< Too few trusted reviewers have signed the boundary of the Gate image.
  kReceiptFormat = 5030,  ///< The bytes are not a review receipt of a form that this version reads.
  kReceiptBoundary = 5031,  ///< The review receipt is of another boundary.
  kReceiptReview = 5032,  ///< Too few trusted reviewers have signed the boundary in the review receipt.
  kGateOutside = 5033,  ///< The Gate allows what its boundary does not.
  kGateNotProved = 5034,  ///< It could not be proved that the Gate stays inside its boundary.
};

enum class ReasonClass : std::uint8_t { kOk, kUsage, kRequest, kToken, kKey, kDecision, kGate };

/// The registry's name of a class. Static. Pure.
[[nodiscard]] constexpr std::string_view reason_class_name(ReasonClass reason_class) noexcept {
  switch (reason_class) {
    case ReasonClass::kOk: return "ok";
    case ReasonClass::kUsage: return "usage";
    case ReasonClass::kRequest: return "request";
    case ReasonClass::kToken: return "token";
    case ReasonClass::kKey: return "key";
    case ReasonClass::kDecision: return "decision";
    case ReasonClass::kGate: return "gate";
  }
  return {};
}

/// One row of the registry. All views are static.
struct ReasonInfo {
  Reason reason;
  ReasonClass reason_class;
  std::uint16_t http_status;  ///< what a door answers when this is the final outcome
  std::string_view name;
  std::string_view clause;  ///< the RFC clause, empty where there is none
  std::string_view text;
};

/// Every Reason in ascending order of number.
inline constexpr ReasonInfo kReasons[] = {
    {Reason::kOk, ReasonClass::kOk, 200, "OK", "",
     "The call did what was asked."},
    {Reason::kUsageArgument, ReasonClass::kUsage, 500, "USAGE_ARGUMENT", "",
     "An argument is NULL, out of range or contradicts another; the message names it."},
    {Reason::kUsageStructSize, ReasonClass::kUsage, 500, "USAGE_STRUCT_SIZE", "",
     "struct_size is smaller than the first released version of the struct; use the _INIT macro."},
    {Reason::kUsageUnknownOption, ReasonClass::kUsage, 500, "USAGE_UNKNOWN_OPTION", "",
     "The caller set an option this version of the library does not know."},
    {Reason::kUsageScratchTooSmall, ReasonClass::kUsage, 500, "USAGE_SCRATCH_TOO_SMALL", "",
     "The scratch memory given is too small for this request."},
    {Reason::kNoMemory, ReasonClass::kUsage, 500, "NO_MEMORY", "",
     "The allocator returned nothing."},
    {Reason::kInternal, ReasonClass::kUsage, 500, "INTERNAL", "",
     "A defect of the library was caught; the handle must not be used again."},
    {Reason::kUsagePeer, ReasonClass::kUsage, 500, "USAGE_PEER", "",
     "The peer address given by the host is not an IPv4 or IPv6 address."},
    {Reason::kUsageIssuerUnknown, ReasonClass::kUsage, 500, "USAGE_ISSUER_UNKNOWN", "",
     "Keys were given for an issuer that the Gate does not name."},
    {Reason::kUsageHandlePoisoned, ReasonClass::kUsage, 500, "USAGE_HANDLE_POISONED", "",
     "An earlier call on this handle ended in INTERNAL; free it and make a new one."},
    {Reason::kUsageAddressBlock, ReasonClass::kUsage, 500, "USAGE_ADDRESS_BLOCK", "RFC 4632 §3.1",
     "An address block is not an IPv4 or IPv6 address, a slash and a prefix length with no bit set behind it."},
    {Reason::kUsageHeaderEdit, ReasonClass::kUsage, 500, "USAGE_HEADER_EDIT", "RFC 9110 §5.5",
     "A header edit has a name or a value that cannot stand in a header, or edits framing or Host."},
    {Reason::kUsageWaiver, ReasonClass::kUsage, 500, "USAGE_WAIVER", "",
     "A rule was waived that is unknown or cannot be waived."},
    {Reason::kUsageFlag, ReasonClass::kUsage, 500, "USAGE_FLAG", "",
     "The host set a flag that the Gate does not declare."},
    {Reason::kHeadEmpty, ReasonClass::kRequest, 400, "HEAD_EMPTY", "RFC 9112 §2.1",
     "There are no bytes to inspect."},
    {Reason::kHeadIncomplete, ReasonClass::kRequest, 400, "HEAD_INCOMPLETE", "RFC 9112 §2.1",
     "The head ends before its empty line; more bytes are needed."},
    {Reason::kHeadTooLarge, ReasonClass::kRequest, 431, "HEAD_TOO_LARGE", "RFC 6585 §5",
     "The head is longer than the limit."},
    {Reason::kHeadBareLf, ReasonClass::kRequest, 400, "HEAD_BARE_LF", "RFC 9112 §2.2",
     "A line ends in LF without CR."},
    {Reason::kHeadBareCr, ReasonClass::kRequest, 400, "HEAD_BARE_CR", "RFC 9112 §2.2",
     "A CR is not followed by LF."},
    {Reason::kHeadLeadingEmptyLine, ReasonClass::kRequest, 400, "HEAD_LEADING_EMPTY_LINE", "RFC 9112 §2.2",
     "One empty line stood before the request line; it was skipped."},
    {Reason::kMethodMalformed, ReasonClass::kRequest, 400, "METHOD_MALFORMED", "RFC 9110 §9.1",
     "The method is empty or has a byte that is not a token character."},
    {Reason::kMethodUnsupported, ReasonClass::kRequest, 501, "METHOD_UNSUPPORTED", "RFC 9110 §9.1",
     "The method is not one of the methods of RFC 9110 and RFC 5789 in upper case."},
    {Reason::kRequestLineMalformed, ReasonClass::kRequest, 400, "REQUEST_LINE_MALFORMED", "RFC 9112 §3",
     "The request line is not method SP target SP version."},
    {Reason::kVersionUnsupported, ReasonClass::kRequest, 505, "VERSION_UNSUPPORTED", "RFC 9112 §2.3",
     "The version is neither HTTP/1.1 nor HTTP/1.0."},
    {Reason::kTargetTooLong, ReasonClass::kRequest, 414, "TARGET_TOO_LONG", "RFC 9110 §15.5.15",
     "The request target is longer than the limit."},
    {Reason::kTargetForm, ReasonClass::kRequest, 400, "TARGET_FORM", "RFC 9112 §3.2",
     "The target has a form that its method does not take: a path that starts with a slash, http or https and an authority, the authority alone for CONNECT, the asterisk for OPTIONS."},
    {Reason::kTargetCharacter, ReasonClass::kRequest, 400, "TARGET_CHARACTER", "RFC 3986 §3.3",
     "The request target has a byte that must be percent-encoded there."},
    {Reason::kTargetFragment, ReasonClass::kRequest, 400, "TARGET_FRAGMENT", "RFC 9112 §3.2.1",
     "The request target has a fragment."},
    {Reason::kTargetScheme, ReasonClass::kRequest, 400, "TARGET_SCHEME", "RFC 9112 §3.2.2",
     "The target is in absolute form with a scheme other than http or https."},
    {Reason::kTargetUserInformation, ReasonClass::kRequest, 400, "TARGET_USER_INFORMATION", "RFC 9110 §4.2.4",
     "The authority of the target has user information."},
    {Reason::kTargetAbsolute, ReasonClass::kRequest, 400, "TARGET_ABSOLUTE", "RFC 9112 §3.2.2",
     "The target was in absolute form; the view has its authority, path and query."},
    {Reason::kPathEscape, ReasonClass::kRequest, 400, "PATH_ESCAPE", "RFC 3986 §2.1",
     "A percent sign is not followed by two hexadecimal digits."},
    {Reason::kPathEncodedSeparator, ReasonClass::kRequest, 400, "PATH_ENCODED_SEPARATOR", "RFC 3986 §2.2",
     "The path has an encoded slash or backslash, which other programs take for a separator."},
    {Reason::kPathBackslash, ReasonClass::kRequest, 400, "PATH_BACKSLASH", "RFC 3986 §3.3",
     "The path has a raw backslash."},
    {Reason::kPathControl, ReasonClass::kRequest, 400, "PATH_CONTROL", "RFC 3986 §7.3",
     "The path has an encoded control character."},
    {Reason::kPathDoubleEncoded, ReasonClass::kRequest, 400, "PATH_DOUBLE_ENCODED", "RFC 3986 §2.4",
     "The path would still have an escape after one decoding."},
    {Reason::kPathAboveRoot, ReasonClass::kRequest, 400, "PATH_ABOVE_ROOT", "RFC 3986 §5.2.4",
     "A dot segment climbs above the root."},
    {Reason::kPathMatrixParameter, ReasonClass::kRequest, 400, "PATH_MATRIX_PARAMETER", "RFC 3986 §3.3",
     "A path segment has a semicolon, raw or encoded, where some programs cut it off."},
    {Reason::kPathAmbiguousSlashes, ReasonClass::kRequest, 400, "PATH_AMBIGUOUS_SLASHES", "RFC 3986 §5.2.4",
     "The path has both empty and dot segments; their order of removal changes its meaning."},
    {Reason::kPathUtf8, ReasonClass::kRequest, 400, "PATH_UTF8", "RFC 3629 §3",
     "The decoded path is not valid UTF-8."},
    {Reason::kPathDotSegment, ReasonClass::kRequest, 400, "PATH_DOT_SEGMENT", "RFC 3986 §5.2.4",
     "The path had dot segments, which were removed."},
    {Reason::kPathEmptySegment, ReasonClass::kRequest, 400, "PATH_EMPTY_SEGMENT", "RFC 3986 §3.3",
     "The path had empty segments, which were merged."},
    {Reason::kPathNormalisedEscape, ReasonClass::kRequest, 400, "PATH_NORMALISED_ESCAPE", "RFC 3986 §6.2.2",
     "The path had escapes that were decoded or written in upper case."},
    {Reason::kPathNonAscii, ReasonClass::kRequest, 400, "PATH_NON_ASCII", "RFC 3987 §3.1",
     "The path has encoded characters outside ASCII."},
    {Reason::kPathEncodedDelimiter, ReasonClass::kRequest, 400, "PATH_ENCODED_DELIMITER", "RFC 3986 §2.2",
     "The path has an encoded delimiter that was kept encoded."},
    {Reason::kPathTrailingDotOrSpace, ReasonClass::kRequest, 400, "PATH_TRAILING_DOT_OR_SPACE", "RFC 3986 §3.3",
     "A path segment ends in a dot or an encoded space, which some file systems drop."},
    {Reason::kPathLookalike, ReasonClass::kRequest, 400, "PATH_LOOKALIKE", "RFC 3987 §5.3.2.2",
     "The path has a character that compatibility normalisation turns into a dot, a separator or another delimiter."},
    {Reason::kPathOverlong, ReasonClass::kRequest, 400, "PATH_OVERLONG", "RFC 3629 §3",
     "The path has an overlong UTF-8 sequence."},
    {Reason::kFieldName, ReasonClass::kRequest, 400, "FIELD_NAME", "RFC 9110 §5.1",
     "A field name is empty or has a byte that is not a token character; pseudo-headers are not fields."},
    {Reason::kFieldColon, ReasonClass::kRequest, 400, "FIELD_COLON", "RFC 9112 §5",
     "A field line has no colon."},
    {Reason::kFieldSpaceBeforeColon, ReasonClass::kRequest, 400, "FIELD_SPACE_BEFORE_COLON", "RFC 9112 §5.1",
     "White space stands between a field name and its colon."},
    {Reason::kFieldFolded, ReasonClass::kRequest, 400, "FIELD_FOLDED", "RFC 9112 §5.2",
     "A field line starts with white space (obsolete line folding)."},
    {Reason::kFieldValue, ReasonClass::kRequest, 400, "FIELD_VALUE", "RFC 9110 §5.5",
     "A field value has a control character."},
    {Reason::kFieldTooMany, ReasonClass::kRequest, 431, "FIELD_TOO_MANY", "RFC 6585 §5",
     "There are more fields than the limit."},
    {Reason::kFieldDuplicate, ReasonClass::kRequest, 400, "FIELD_DUPLICATE", "RFC 9110 §5.3",
     "A field that may stand once stands twice."},
    {Reason::kFieldNameUnderscore, ReasonClass::kRequest, 400, "FIELD_NAME_UNDERSCORE", "RFC 3875 §4.1.18",
     "A field name has an underscore, which gateways take for a hyphen."},
    {Reason::kFieldValueObsText, ReasonClass::kRequest, 400, "FIELD_VALUE_OBS_TEXT", "RFC 9110 §5.5",
     "A field value has bytes outside ASCII."},
    {Reason::kFieldNameCase, ReasonClass::kRequest, 400, "FIELD_NAME_CASE", "RFC 9113 §8.2.1",
     "A field name in HTTP/2 or HTTP/3 has an upper-case letter."},
    {Reason::kFieldConnectionSpecific, ReasonClass::kRequest, 400, "FIELD_CONNECTION_SPECIFIC", "RFC 9110 §7.6.1",
     "Connection names a field that must reach the origin, or something that is not a token."},
    {Reason::kFieldNotInHttp2, ReasonClass::kRequest, 400, "FIELD_NOT_IN_HTTP2", "RFC 9113 §8.2.2",
     "A connection-specific field stands in an HTTP/2 or HTTP/3 request."},
    {Reason::kFieldTrustedOnly, ReasonClass::kRequest, 400, "FIELD_TRUSTED_ONLY", "RFC 7239 §8.1",
     "The field tells about an earlier hop; it is removed unless a trusted hop sent it."},
    {Reason::kFieldForbidden, ReasonClass::kRequest, 400, "FIELD_FORBIDDEN", "",
     "The field would override method, target or scheme behind the door's back; it is removed."},
    {Reason::kFieldListTooLong, ReasonClass::kRequest, 400, "FIELD_LIST_TOO_LONG", "RFC 9110 §14.2",
     "A Range, If-Match, If-None-Match or Connection has more members than the limit, or more hops are listed than are looked at."},
    {Reason::kExpectUnsupported, ReasonClass::kRequest, 417, "EXPECT_UNSUPPORTED", "RFC 9110 §10.1.1",
     "Expect is not exactly 100-continue."},
    {Reason::kUpgradeH2c, ReasonClass::kRequest, 400, "UPGRADE_H2C", "RFC 9113 §3.1",
     "An upgrade to unencrypted HTTP/2 is asked for; the offer is removed."},
    {Reason::kUpgradeRefused, ReasonClass::kRequest, 403, "UPGRADE_REFUSED", "RFC 9110 §7.8",
     "A change of protocol is asked for and the route does not permit it."},
    {Reason::kUpgradeWithBody, ReasonClass::kRequest, 400, "UPGRADE_WITH_BODY", "RFC 9110 §7.8",
     "A change of protocol is asked for by a request with a body, or Upgrade is not a list of protocols."},
    {Reason::kHostMissing, ReasonClass::kRequest, 400, "HOST_MISSING", "RFC 9112 §3.2",
     "There is no Host field or authority."},
    {Reason::kHostDuplicate, ReasonClass::kRequest, 400, "HOST_DUPLICATE", "RFC 9112 §3.2",
     "There is more than one Host field."},
    {Reason::kHostMalformed, ReasonClass::kRequest, 400, "HOST_MALFORMED", "RFC 3986 §3.2.2",
     "The Host is not a host name, an IPv4 address or a bracketed IPv6 address with an optional port."},
    {Reason::kHostDisagrees, ReasonClass::kRequest, 400, "HOST_DISAGREES", "RFC 9113 §8.3.1",
     "The authority and the Host field differ."},
    {Reason::kLengthMalformed, ReasonClass::kRequest, 400, "LENGTH_MALFORMED", "RFC 9110 §8.6",
     "Content-Length is not one decimal number below 2^63 without leading zeros."},
    {Reason::kLengthDuplicate, ReasonClass::kRequest, 400, "LENGTH_DUPLICATE", "RFC 9112 §6.3",
     "There is more than one Content-Length."},
    {Reason::kLengthWithEncoding, ReasonClass::kRequest, 400, "LENGTH_WITH_ENCODING", "RFC 9112 §6.3",
     "Content-Length and Transfer-Encoding stand together."},
    {Reason::kEncodingUnsupported, ReasonClass::kRequest, 501, "ENCODING_UNSUPPORTED", "RFC 9112 §6.1",
     "Transfer-Encoding is not exactly one chunked."},
    {Reason::kEncodingVersion, ReasonClass::kRequest, 400, "ENCODING_VERSION", "RFC 9112 §6.1",
     "Transfer-Encoding stands in a message that is not HTTP/1.1."},
    {Reason::kBodyUnexpected, ReasonClass::kRequest, 400, "BODY_UNEXPECTED", "RFC 9110 §9.3.1",
     "A GET, HEAD, CONNECT or TRACE request has a body."},
    {Reason::kCookieLegacy, ReasonClass::kRequest, 400, "COOKIE_LEGACY", "RFC 6265 §4.2",
     "The Cookie field has a $Version attribute, with which some programs change to another grammar."},
    {Reason::kCookieNameless, ReasonClass::kRequest, 400, "COOKIE_NAMELESS", "RFC 6265 §5.2",
     "A cookie has no name; it is passed over."},
    {Reason::kCookieDuplicate, ReasonClass::kRequest, 400, "COOKIE_DUPLICATE", "RFC 6265 §5.4",
     "A cookie that must stand once stands twice."},
    {Reason::kCookieTooMany, ReasonClass::kRequest, 431, "COOKIE_TOO_MANY", "RFC 6585 §5",
     "There are more cookies than the limit."},
    {Reason::kParameterDuplicate, ReasonClass::kRequest, 400, "PARAMETER_DUPLICATE", "",
     "A query parameter that must stand once stands twice."},
    {Reason::kParameterTooMany, ReasonClass::kRequest, 400, "PARAMETER_TOO_MANY", "",
     "There are more query parameters than the limit."},
    {Reason::kClientHopMalformed, ReasonClass::kRequest, 400, "CLIENT_HOP_MALFORMED", "RFC 7239 §4",
     "A hop is not an address; the hops before it are not believed."},
    {Reason::kClientHopsMissing, ReasonClass::kRequest, 400, "CLIENT_HOPS_MISSING", "",
     "There are fewer hops than are trusted; the peer is taken for the client."},
    {Reason::kClientFieldMalformed, ReasonClass::kRequest, 400, "CLIENT_FIELD_MALFORMED", "",
     "The field that the platform sets is absent, doubled or no address."},
    {Reason::kStructuredFieldSyntax, ReasonClass::kRequest, 400, "STRUCTURED_FIELD_SYNTAX", "RFC 9651 §4.2",
     "The value is not a structured field of the expected type."},
    {Reason::kStructuredFieldNumber, ReasonClass::kRequest, 400, "STRUCTURED_FIELD_NUMBER", "RFC 9651 §4.2.4",
     "A number has too many digits or is malformed."},
    {Reason::kStructuredFieldString, ReasonClass::kRequest, 400, "STRUCTURED_FIELD_STRING", "RFC 9651 §4.2.5",
     "A string is not closed or has a byte that may not stand in it."},
    {Reason::kStructuredFieldBytes, ReasonClass::kRequest, 400, "STRUCTURED_FIELD_BYTES", "RFC 9651 §4.2.7",
     "A byte sequence is not closed or not base64."},
    {Reason::kStructuredFieldKey, ReasonClass::kRequest, 400, "STRUCTURED_FIELD_KEY", "RFC 9651 §4.2.3.3",
     "A key does not start with a lower-case letter or an asterisk."},
    {Reason::kStructuredFieldDate, ReasonClass::kRequest, 400, "STRUCTURED_FIELD_DATE", "RFC 9651 §4.2.9",
     "A date is not an integer."},
    {Reason::kStructuredFieldDisplay, ReasonClass::kRequest, 400, "STRUCTURED_FIELD_DISPLAY", "RFC 9651 §4.2.10",
     "A display string is not closed, not escaped in lower case or not UTF-8."},
    {Reason::kStructuredFieldLimit, ReasonClass::kRequest, 400, "STRUCTURED_FIELD_LIMIT", "RFC 9651 §3.1",
     "A structured field has more members or parameters than the limit."},
    {Reason::kStructuredFieldValue, ReasonClass::kRequest, 400, "STRUCTURED_FIELD_VALUE", "RFC 9651 §4.1",
     "A value cannot be written as a structured field."},
    {Reason::kCredentialMissing, ReasonClass::kToken, 401, "CREDENTIAL_MISSING", "RFC 6750 §3",
     "The request carries no credential and the route needs one."},
    {Reason::kCredentialScheme, ReasonClass::kToken, 401, "CREDENTIAL_SCHEME", "RFC 9110 §11.1",
     "The Authorization scheme is not Bearer."},
    {Reason::kCredentialMalformed, ReasonClass::kToken, 401, "CREDENTIAL_MALFORMED", "RFC 6750 §2.1",
     "The Authorization value is not one scheme, one space and one token."},
    {Reason::kTokenEmpty, ReasonClass::kToken, 401, "TOKEN_EMPTY", "RFC 7515 §7.1",
     "The token is empty."},
    {Reason::kTokenTooLong, ReasonClass::kToken, 401, "TOKEN_TOO_LONG", "RFC 8725 §3.11",
     "The token or one of its parts is longer than the limit."},
    {Reason::kTokenCharacter, ReasonClass::kToken, 401, "TOKEN_CHARACTER", "RFC 7515 §2",
     "The token has a byte that is neither base64url nor a dot."},
    {Reason::kTokenSegments, ReasonClass::kToken, 401, "TOKEN_SEGMENTS", "RFC 7515 §7.1",
     "The token does not have exactly three non-empty parts."},
    {Reason::kTokenEncrypted, ReasonClass::kToken, 401, "TOKEN_ENCRYPTED", "RFC 7516 §9",
     "The token has five parts (JWE); encrypted tokens are not accepted."},
    {Reason::kTokenBase64, ReasonClass::kToken, 401, "TOKEN_BASE64", "RFC 7515 §2",
     "A part is not canonical base64url: a wrong length, or unused bits that are not zero."},
    {Reason::kTokenHeaderJson, ReasonClass::kToken, 401, "TOKEN_HEADER_JSON", "RFC 7515 §4",
     "The header is not one strict JSON object."},
    {Reason::kTokenPayloadJson, ReasonClass::kToken, 401, "TOKEN_PAYLOAD_JSON", "RFC 7519 §7.2",
     "The payload is not one strict JSON object."},
    {Reason::kTokenDuplicateMember, ReasonClass::kToken, 401, "TOKEN_DUPLICATE_MEMBER", "RFC 7515 §4",
     "A JSON member name stands twice in the header or the payload."},
    {Reason::kTokenJsonLimit, ReasonClass::kToken, 401, "TOKEN_JSON_LIMIT", "RFC 8259 §9",
     "The header or the payload is nested too deeply or has too many members."},
    {Reason::kTokenAlgorithmMissing, ReasonClass::kToken, 401, "TOKEN_ALGORITHM_MISSING", "RFC 7515 §4.1.1",
     "The header has no alg, or alg is not a string."},
    {Reason::kTokenAlgorithmRefused, ReasonClass::kToken, 401, "TOKEN_ALGORITHM_REFUSED", "RFC 8725 §3.1",
     "The algorithm is none, unknown, or not one the issuer is allowed to use."},
    {Reason::kTokenCritical, ReasonClass::kToken, 401, "TOKEN_CRITICAL", "RFC 7515 §4.1.11",
     "The header marks an extension as critical; none is supported."},
    {Reason::kTokenHeaderMember, ReasonClass::kToken, 401, "TOKEN_HEADER_MEMBER", "RFC 7515 §4.1",
     "A header member has the wrong type or belongs to an encrypted token."},
    {Reason::kTokenType, ReasonClass::kToken, 401, "TOKEN_TYPE", "RFC 8725 §3.11",
     "The typ of the token is not JWT or at+jwt."},
    {Reason::kTokenKeyIdMissing, ReasonClass::kToken, 401, "TOKEN_KEY_ID_MISSING", "RFC 7515 §4.1.4",
     "The header has no kid and more than one key could have signed."},
    {Reason::kTokenKeyUnknown, ReasonClass::kToken, 401, "TOKEN_KEY_UNKNOWN", "RFC 7515 §4.1.4",
     "No key of the issuer has this kid and algorithm."},
    {Reason::kTokenSignatureLength, ReasonClass::kToken, 401, "TOKEN_SIGNATURE_LENGTH", "RFC 7518 §3",
     "The signature does not have the length its key demands."},
    {Reason::kTokenSignature, ReasonClass::kToken, 401, "TOKEN_SIGNATURE", "RFC 7515 §5.2",
     "The signature does not match."},
    {Reason::kTokenIssuerMissing, ReasonClass::kToken, 401, "TOKEN_ISSUER_MISSING", "RFC 7519 §4.1.1",
     "The token has no iss, or iss is not a string."},
    {Reason::kTokenIssuerUnknown, ReasonClass::kToken, 401, "TOKEN_ISSUER_UNKNOWN", "RFC 8725 §3.8",
     "The issuer is not one that is trusted here."},
    {Reason::kTokenIssuerKeys, ReasonClass::kToken, 401, "TOKEN_ISSUER_KEYS", "RFC 8725 §3.8",
     "No keys have been given for the issuer."},
    {Reason::kTokenAudienceMissing, ReasonClass::kToken, 401, "TOKEN_AUDIENCE_MISSING", "RFC 7519 §4.1.3",
     "The token has no aud, or aud is neither a string nor a list of strings."},
    {Reason::kTokenAudience, ReasonClass::kToken, 401, "TOKEN_AUDIENCE", "RFC 8725 §3.9",
     "The token is meant for another audience."},
    {Reason::kTokenExpiryMissing, ReasonClass::kToken, 401, "TOKEN_EXPIRY_MISSING", "RFC 7519 §4.1.4",
     "The token has no exp."},
    {Reason::kTokenDate, ReasonClass::kToken, 401, "TOKEN_DATE", "RFC 7519 §2",
     "exp, nbf or iat is not a non-negative JSON number below 2^53."},
    {Reason::kTokenExpired, ReasonClass::kToken, 401, "TOKEN_EXPIRED", "RFC 7519 §4.1.4",
     "The token has expired."},
    {Reason::kTokenNotYetValid, ReasonClass::kToken, 401, "TOKEN_NOT_YET_VALID", "RFC 7519 §4.1.5",
     "The token is not valid yet (nbf or iat lies in the future)."},
    {Reason::kTokenClaimType, ReasonClass::kToken, 401, "TOKEN_CLAIM_TYPE", "RFC 7519 §4.1",
     "A registered claim has the wrong type."},
    {Reason::kIdentityImage, ReasonClass::kToken, 500, "IDENTITY_IMAGE", "",
     "The bytes are not a well-formed Identity."},
    {Reason::kTokenClaimMissing, ReasonClass::kToken, 401, "TOKEN_CLAIM_MISSING", "RFC 9068 §2.2",
     "A claim that this kind of token must have is absent."},
    {Reason::kTokenClaimValue, ReasonClass::kToken, 401, "TOKEN_CLAIM_VALUE", "RFC 8725 §3.12",
     "A claim or a header member that the policy fixes is absent or has another value."},
    {Reason::kTokenProfile, ReasonClass::kToken, 401, "TOKEN_PROFILE", "RFC 8725 §3.12",
     "The token bears the mark of another kind of token than the one expected."},
    {Reason::kTokenNonce, ReasonClass::kToken, 401, "TOKEN_NONCE", "OpenID Connect Core §3.1.3.7",
     "The nonce is absent or is not the one of this login."},
    {Reason::kTokenAuthorizedParty, ReasonClass::kToken, 401, "TOKEN_AUTHORIZED_PARTY", "OpenID Connect Core §3.1.3.7",
     "azp is absent although there are several audiences, or names another client."},
    {Reason::kTokenHash, ReasonClass::kToken, 401, "TOKEN_HASH", "OpenID Connect Core §3.1.3.8",
     "at_hash or c_hash is absent or belongs to another access token or code."},
    {Reason::kTokenEvents, ReasonClass::kToken, 401, "TOKEN_EVENTS", "OpenID Connect Back-Channel Logout §2.4",
     "The events claim is not that of a logout token, or neither sub nor sid says who leaves."},
    {Reason::kTokenTooOld, ReasonClass::kToken, 401, "TOKEN_TOO_OLD", "RFC 8725 §3.10",
     "The token was issued longer ago than the policy allows."},
    {Reason::kTokenRevoked, ReasonClass::kToken, 401, "TOKEN_REVOKED", "RFC 7009 §1",
     "The token, its key, its session or its subject stands on the revocation list."},
    {Reason::kDpopMissing, ReasonClass::kToken, 401, "DPOP_MISSING", "RFC 9449 §7.1",
     "The token is bound to a key and the request carries no DPoP proof."},
    {Reason::kDpopMultiple, ReasonClass::kToken, 401, "DPOP_MULTIPLE", "RFC 9449 §4.3",
     "There is more than one DPoP field, or it holds more than one proof."},
    {Reason::kDpopMalformed, ReasonClass::kToken, 401, "DPOP_MALFORMED", "RFC 9449 §4.2",
     "The DPoP proof is not a signed token of strict syntax."},
    {Reason::kDpopType, ReasonClass::kToken, 401, "DPOP_TYPE", "RFC 9449 §4.3",
     "The typ of the proof is not dpop+jwt."},
    {Reason::kDpopAlgorithm, ReasonClass::kToken, 401, "DPOP_ALGORITHM", "RFC 9449 §4.3",
     "The algorithm of the proof is none, symmetric, unknown or not allowed here."},
    {Reason::kDpopKey, ReasonClass::kToken, 401, "DPOP_KEY", "RFC 9449 §4.3",
     "The jwk of the proof is missing, private, or no key that Ostiary can use."},
    {Reason::kDpopSignature, ReasonClass::kToken, 401, "DPOP_SIGNATURE", "RFC 9449 §4.3",
     "The signature of the proof does not match its own key."},
    {Reason::kDpopClaims, ReasonClass::kToken, 401, "DPOP_CLAIMS", "RFC 9449 §4.2",
     "jti, htm, htu or iat of the proof is missing, empty, too long or of the wrong type."},
    {Reason::kDpopMethod, ReasonClass::kToken, 401, "DPOP_METHOD", "RFC 9449 §4.3",
     "htm is not the method of the request."},
    {Reason::kDpopUri, ReasonClass::kToken, 401, "DPOP_URI", "RFC 9449 §4.3",
     "htu is not the URI of the request."},
    {Reason::kDpopAge, ReasonClass::kToken, 401, "DPOP_AGE", "RFC 9449 §4.3",
     "The proof is too old, or was made in the future."},
    {Reason::kDpopNonce, ReasonClass::kToken, 401, "DPOP_NONCE", "RFC 9449 §8",
     "The proof has no nonce, or one that this server did not give out lately."},
    {Reason::kDpopAccessToken, ReasonClass::kToken, 401, "DPOP_ACCESS_TOKEN", "RFC 9449 §4.3",
     "ath is missing or belongs to another access token."},
    {Reason::kDpopBinding, ReasonClass::kToken, 401, "DPOP_BINDING", "RFC 9449 §6.1",
     "The token is bound to another key than the one the proof shows."},
    {Reason::kDpopUnbound, ReasonClass::kToken, 401, "DPOP_UNBOUND", "RFC 9449 §7.1",
     "The DPoP scheme was used with a token that is bound to no key."},
    {Reason::kDpopScheme, ReasonClass::kToken, 401, "DPOP_SCHEME", "RFC 9449 §7.1",
     "A token that is bound to a key was presented as a bearer token."},
    {Reason::kDpopReplay, ReasonClass::kToken, 401, "DPOP_REPLAY", "RFC 9449 §11.1",
     "The proof was used before."},
    {Reason::kDpopReplayUnknown, ReasonClass::kToken, 503, "DPOP_REPLAY_UNKNOWN", "RFC 9449 §11.1",
     "Whether the proof was used before cannot be told: the replay memory is full or its store does not answer."},
    {Reason::kCertificateMissing, ReasonClass::kToken, 401, "CERTIFICATE_MISSING", "RFC 8705 §3",
     "The token is bound to a client certificate and the connection has none."},
    {Reason::kCertificateBinding, ReasonClass::kToken, 401, "CERTIFICATE_BINDING", "RFC 8705 §3",
     "The token is bound to another client certificate."},
    {Reason::kConfirmationUnknown, ReasonClass::kToken, 401, "CONFIRMATION_UNKNOWN", "RFC 7800 §3.1",
     "The token is bound to a sender in a way that is malformed or not supported."},
    {Reason::kKeysJson, ReasonClass::kKey, 500, "KEYS_JSON", "RFC 7517 §5",
     "The key set is not one strict JSON object with an array named keys."},
    {Reason::kKeysDuplicateMember, ReasonClass::kKey, 500, "KEYS_DUPLICATE_MEMBER", "RFC 7517 §4",
     "A JSON member name stands twice in the key set."},
    {Reason::kKeysLimit, ReasonClass::kKey, 500, "KEYS_LIMIT", "",
     "The key set is larger, deeper or has more keys than the limit."},
    {Reason::kKeysEmpty, ReasonClass::kKey, 500, "KEYS_EMPTY", "RFC 7517 §5",
     "The key set has no key that can verify a signature."},
    {Reason::kKeysDuplicateId, ReasonClass::kKey, 500, "KEYS_DUPLICATE_ID", "RFC 7517 §4.5",
     "Two usable keys have the same kid."},
    {Reason::kKeyType, ReasonClass::kKey, 500, "KEY_TYPE", "RFC 7517 §4.1",
     "The key type is missing or not supported; the key is skipped."},
    {Reason::kKeyUse, ReasonClass::kKey, 500, "KEY_USE", "RFC 7517 §4.2",
     "use or key_ops does not allow verification; the key is skipped."},
    {Reason::kKeyAlgorithm, ReasonClass::kKey, 500, "KEY_ALGORITHM", "RFC 7517 §4.4",
     "alg is not supported or does not fit the key type; the key is skipped."},
    {Reason::kKeyPrivate, ReasonClass::kKey, 500, "KEY_PRIVATE", "RFC 7517 §9.2",
     "The set holds private or symmetric key material; the whole set is refused."},
    {Reason::kKeyMember, ReasonClass::kKey, 500, "KEY_MEMBER", "RFC 7518 §6",
     "A key member is missing, has the wrong type or is not canonical base64url."},
    {Reason::kKeyRsaSize, ReasonClass::kKey, 500, "KEY_RSA_SIZE", "RFC 7518 §3.3",
     "The RSA modulus is shorter than 2048 or longer than 8192 bits, or even."},
    {Reason::kKeyRsaExponent, ReasonClass::kKey, 500, "KEY_RSA_EXPONENT", "RFC 8017 §3.1",
     "The RSA exponent is not odd and between 3 and 2^32."},
    {Reason::kKeyCurve, ReasonClass::kKey, 500, "KEY_CURVE", "RFC 7518 §6.2.1.1",
     "The curve is not one this algorithm uses."},
    {Reason::kKeyPoint, ReasonClass::kKey, 500, "KEY_POINT", "RFC 8725 §3.4",
     "The coordinates are not a point of the curve, or not of full length."},
    {Reason::kKeyWeak, ReasonClass::kKey, 500, "KEY_WEAK", "CVE-2017-15361",
     "The RSA modulus has a small factor or the form of a known broken generator; the key is skipped."},
    {Reason::kKeyPem, ReasonClass::kKey, 500, "KEY_PEM", "RFC 7468 §2",
     "The text is not exactly one PEM block, PUBLIC KEY or CERTIFICATE, of strict base64."},
    {Reason::kKeyCertificate, ReasonClass::kKey, 500, "KEY_CERTIFICATE", "RFC 5280 §4.1",
     "The certificate cannot be parsed."},
    {Reason::kKeySecretSize, ReasonClass::kKey, 500, "KEY_SECRET_SIZE", "RFC 7518 §3.2",
     "The secret is shorter than the hash of its algorithm, or longer than the limit."},
    {Reason::kKeySecretPublic, ReasonClass::kKey, 500, "KEY_SECRET_PUBLIC", "RFC 8725 §2.1",
     "The secret is a public key, a certificate or a key set: everyone knows it."},
    {Reason::kKeyUnsupported, ReasonClass::kKey, 500, "KEY_UNSUPPORTED", "",
     "The cryptographic library that is linked does not have this algorithm; the key is skipped."},
    {Reason::kDiscoveryJson, ReasonClass::kKey, 500, "DISCOVERY_JSON", "OpenID Connect Discovery §4.2",
     "The discovery document is not one strict JSON object within the limits."},
    {Reason::kDiscoveryIssuer, ReasonClass::kKey, 500, "DISCOVERY_ISSUER", "OpenID Connect Discovery §4.3",
     "The issuer of the discovery document is not the one it was asked for."},
    {Reason::kDiscoveryUri, ReasonClass::kKey, 500, "DISCOVERY_URI", "OpenID Connect Discovery §3",
     "jwks_uri is missing or not an https URI."},
    {Reason::kKeySourceTicket, ReasonClass::kKey, 500, "KEY_SOURCE_TICKET", "",
     "The answer belongs to no fetch that is under way."},
    {Reason::kKeysNotFound, ReasonClass::kKey, 500, "KEYS_NOT_FOUND", "",
     "The host could not fetch the keys."},
    {Reason::kRevocationJson, ReasonClass::kKey, 500, "REVOCATION_JSON", "",
     "The revocation list is not strict JSON of the documented form."},
    {Reason::kRevocationLimit, ReasonClass::kKey, 500, "REVOCATION_LIMIT", "",
     "The revocation list is larger than the limit."},
    {Reason::kAllowed, ReasonClass::kDecision, 200, "ALLOWED", "",
     "A rule allows the request and no rule denies it."},
    {Reason::kNotDecided, ReasonClass::kDecision, 500, "NOT_DECIDED", "",
     "No decision was taken; this is what a Decision holds before it is filled."},
    {Reason::kRouteUnknown, ReasonClass::kDecision, 404, "ROUTE_UNKNOWN", "RFC 9110 §15.5.5",
     "No route matches the host and path."},
    {Reason::kRouteMethod, ReasonClass::kDecision, 405, "ROUTE_METHOD", "RFC 9110 §15.5.6",
     "A route matches the host and path, but not with this method."},
    {Reason::kRouteHost, ReasonClass::kDecision, 421, "ROUTE_HOST", "RFC 9110 §15.5.20",
     "No route has this host."},
    {Reason::kRateLimited, ReasonClass::kDecision, 429, "RATE_LIMITED", "RFC 6585 §4",
     "The rate limit of the route is reached."},
    {Reason::kRuleDenied, ReasonClass::kDecision, 403, "RULE_DENIED", "",
     "A deny rule matches."},
    {Reason::kRuleNoMatch, ReasonClass::kDecision, 403, "RULE_NO_MATCH", "",
     "No rule allows this identity on this route."},
    {Reason::kRoleNone, ReasonClass::kDecision, 403, "ROLE_NONE", "",
     "The route demands a role and no role mapping matches."},
    {Reason::kRoleAmbiguous, ReasonClass::kDecision, 403, "ROLE_AMBIGUOUS", "",
     "More than one role mapping matches."},
    {Reason::kRoleSession, ReasonClass::kDecision, 403, "ROLE_SESSION", "",
     "A claim that must name or tag the role's session has a value that AWS does not take."},
    {Reason::kIdentityHeaderValue, ReasonClass::kDecision, 403, "IDENTITY_HEADER_VALUE", "RFC 9110 §5.5",
     "A claim that must be sent to the origin has bytes that cannot stand in a header, or is too long."},
    {Reason::kGateJson, ReasonClass::kGate, 500, "GATE_JSON", "RFC 8259",
     "The Gate is not strict JSON."},
    {Reason::kGateDuplicateMember, ReasonClass::kGate, 500, "GATE_DUPLICATE_MEMBER", "RFC 8259 §4",
     "A member name stands twice in the Gate."},
    {Reason::kGateLimit, ReasonClass::kGate, 500, "GATE_LIMIT", "",
     "The Gate is larger, deeper or has more of something than the limit."},
    {Reason::kGateUnknownMember, ReasonClass::kGate, 500, "GATE_UNKNOWN_MEMBER", "",
     "The language has no such member."},
    {Reason::kGateMissingMember, ReasonClass::kGate, 500, "GATE_MISSING_MEMBER", "",
     "A required member is missing."},
    {Reason::kGateType, ReasonClass::kGate, 500, "GATE_TYPE", "",
     "A member has the wrong JSON type."},
    {Reason::kGateValue, ReasonClass::kGate, 500, "GATE_VALUE", "",
     "A value is outside what the language allows."},
    {Reason::kGateReference, ReasonClass::kGate, 500, "GATE_REFERENCE", "",
     "A name is used that nothing declares."},
    {Reason::kGateDuplicateId, ReasonClass::kGate, 500, "GATE_DUPLICATE_ID", "",
     "Two routes or two rules have the same id."},
    {Reason::kGatePattern, ReasonClass::kGate, 500, "GATE_PATTERN", "",
     "A host or path pattern is not in canonical form."},
    {Reason::kGateAmbiguous, ReasonClass::kGate, 500, "GATE_AMBIGUOUS", "",
     "Two routes match the same request and neither is more specific; the message shows the request."},
    {Reason::kImageFormat, ReasonClass::kGate, 500, "IMAGE_FORMAT", "",
     "The bytes are not a Gate image of a format this version reads."},
    {Reason::kImageDamaged, ReasonClass::kGate, 500, "IMAGE_DAMAGED", "",
     "The Gate image is truncated or damaged."},
    {Reason::kImageUnsigned, ReasonClass::kGate, 500, "IMAGE_UNSIGNED", "",
     "The Gate image is not signed, and this door asks for a signature."},
    {Reason::kImageSignature, ReasonClass::kGate, 500, "IMAGE_SIGNATURE", "RFC 8032 §5.1.7",
     "The signature of the Gate image is not right, or of a key that is not trusted."},
    {Reason::kImageRollback, ReasonClass::kGate, 500, "IMAGE_ROLLBACK", "",
     "The Gate image is older than what this door still accepts."},
    {Reason::kImageUnproved, ReasonClass::kGate, 500, "IMAGE_UNPROVED", "",
     "The Gate image has no proof that it stays inside a boundary, and this door asks for one."},
    {Reason::kImageBoundary, ReasonClass::kGate, 500, "IMAGE_BOUNDARY", "",
     "The Gate image was proved inside another boundary than the one that this door pins."},
    {Reason::kImageReview, ReasonClass::kGate, 500, "IMAGE_REVIEW", "RFC 8032 §5.1.7",
     "Too few trusted reviewers have signed the boundary of the Gate image."},
    {Reason::kReceiptFormat, ReasonClass::kGate, 500, "RECEIPT_FORMAT", "",
     "The bytes are not a review receipt of a form that this version reads."},
    {Reason::kReceiptBoundary, ReasonClass::kGate, 500, "RECEIPT_BOUNDARY", "",
     "The review receipt is of another boundary."},
    {Reason::kReceiptReview, ReasonClass::kGate, 500, "RECEIPT_REVIEW", "RFC 8032 §5.1.7",
     "Too few trusted reviewers have signed the boundary in the review receipt."},
    {Reason::kGateOutside, ReasonClass::kGate, 500, "GATE_OUTSIDE", "",
     "The Gate allows what its boundary does not."},
    {Reason::kGateNotProved, ReasonClass::kGate, 500, "GATE_NOT_PROVED", "",
     "It could not be proved that the Gate stays inside its boundary."},
};

}  // namespace ostiary

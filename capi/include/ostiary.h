#ifndef OSTIARY_H
#define OSTIARY_H
#include <stdint.h>
/* BEGIN GENERATED REASONS. Generated from src/core/reasons.json by src/core/generate_reasons.py; do not edit. */

/** Outcomes. A number is given once and never reused; number / 1000 is the class
 *  (0 usage, 1 request, 2 token, 3 key, 4 decision, 5 gate). */
typedef int32_t ostiary_reason;

#define OSTIARY_OK 0 /**< The call did what was asked. */
#define OSTIARY_USAGE_ARGUMENT 1 /**< An argument is NULL, out of range or contradicts another; the message names it. */
#define OSTIARY_USAGE_STRUCT_SIZE 2 /**< struct_size is smaller than the first released version of the struct; use the _INIT macro. */
#define OSTIARY_USAGE_UNKNOWN_OPTION 3 /**< The caller set an option this version of the library does not know. */
#define OSTIARY_USAGE_SCRATCH_TOO_SMALL 4 /**< The scratch memory given is too small for this request. */
#define OSTIARY_NO_MEMORY 5 /**< The allocator returned nothing. */
#define OSTIARY_INTERNAL 6 /**< A defect of the library was caught; the handle must not be used again. */
#define OSTIARY_USAGE_PEER 7 /**< The peer address given by the host is not an IPv4 or IPv6 address. */
#define OSTIARY_USAGE_ISSUER_UNKNOWN 8 /**< Keys were given for an issuer that the Gate does not name. */
#define OSTIARY_USAGE_HANDLE_POISONED 9 /**< An earlier call on this handle ended in INTERNAL; free it and make a new one. */
#define OSTIARY_HEAD_EMPTY 1001 /**< There are no bytes to inspect. */
#define OSTIARY_HEAD_INCOMPLETE 1002 /**< The head ends before its empty line; more bytes are needed. */
#define OSTIARY_HEAD_TOO_LARGE 1003 /**< The head is longer than the limit. */
#define OSTIARY_HEAD_BARE_LF 1004 /**< A line ends in LF without CR. */
#define OSTIARY_HEAD_BARE_CR 1005 /**< A CR is not followed by LF. */
#define OSTIARY_METHOD_MALFORMED 1010 /**< The method is empty or has a byte that is not a token character. */
#define OSTIARY_METHOD_UNSUPPORTED 1011 /**< The method is not one of the methods of RFC 9110 and RFC 5789 in upper case. */
#define OSTIARY_REQUEST_LINE_MALFORMED 1012 /**< The request line is not method SP target SP version. */
#define OSTIARY_VERSION_UNSUPPORTED 1013 /**< The version is neither HTTP/1.1 nor HTTP/1.0. */
#define OSTIARY_TARGET_TOO_LONG 1020 /**< The request target is longer than the limit. */
#define OSTIARY_TARGET_FORM 1021 /**< The request target is not in origin form (a path that starts with a slash). */
#define OSTIARY_TARGET_CHARACTER 1022 /**< The request target has a byte that must be percent-encoded there. */
#define OSTIARY_TARGET_FRAGMENT 1023 /**< The request target has a fragment. */
#define OSTIARY_PATH_ESCAPE 1030 /**< A percent sign is not followed by two hexadecimal digits. */
#define OSTIARY_PATH_ENCODED_SEPARATOR 1031 /**< The path has an encoded slash or backslash, which other programs take for a separator. */
#define OSTIARY_PATH_BACKSLASH 1032 /**< The path has a raw backslash. */
#define OSTIARY_PATH_CONTROL 1033 /**< The path has an encoded control character. */
#define OSTIARY_PATH_DOUBLE_ENCODED 1034 /**< The path would still have an escape after one decoding. */
#define OSTIARY_PATH_ABOVE_ROOT 1035 /**< A dot segment climbs above the root. */
#define OSTIARY_PATH_MATRIX_PARAMETER 1036 /**< A path segment has a semicolon, which some programs cut off. */
#define OSTIARY_PATH_AMBIGUOUS_SLASHES 1037 /**< The path has both empty and dot segments; their order of removal changes its meaning. */
#define OSTIARY_PATH_UTF8 1038 /**< The decoded path is not valid UTF-8. */
#define OSTIARY_PATH_DOT_SEGMENT 1039 /**< The path had dot segments, which were removed. */
#define OSTIARY_PATH_EMPTY_SEGMENT 1040 /**< The path had empty segments, which were merged. */
#define OSTIARY_PATH_NORMALISED_ESCAPE 1041 /**< The path had escapes that were decoded or written in upper case. */
#define OSTIARY_PATH_NON_ASCII 1042 /**< The path has encoded characters outside ASCII. */
#define OSTIARY_PATH_ENCODED_DELIMITER 1043 /**< The path has an encoded delimiter that was kept encoded. */
#define OSTIARY_FIELD_NAME 1050 /**< A field name is empty or has a byte that is not a token character. */
#define OSTIARY_FIELD_COLON 1051 /**< A field line has no colon. */
#define OSTIARY_FIELD_SPACE_BEFORE_COLON 1052 /**< White space stands between a field name and its colon. */
#define OSTIARY_FIELD_FOLDED 1053 /**< A field line starts with white space (obsolete line folding). */
#define OSTIARY_FIELD_VALUE 1054 /**< A field value has a control character. */
#define OSTIARY_FIELD_TOO_MANY 1055 /**< There are more fields than the limit. */
#define OSTIARY_FIELD_DUPLICATE 1056 /**< A field that may stand once stands twice. */
#define OSTIARY_FIELD_NAME_UNDERSCORE 1057 /**< A field name has an underscore, which gateways take for a hyphen. */
#define OSTIARY_FIELD_VALUE_OBS_TEXT 1058 /**< A field value has bytes outside ASCII. */
#define OSTIARY_FIELD_NAME_CASE 1059 /**< A pre-parsed field name has an upper-case letter or is a pseudo-header. */
#define OSTIARY_FIELD_CONNECTION_SPECIFIC 1060 /**< Connection names a field that must reach the origin. */
#define OSTIARY_HOST_MISSING 1070 /**< There is no Host field or authority. */
#define OSTIARY_HOST_DUPLICATE 1071 /**< There is more than one Host field. */
#define OSTIARY_HOST_MALFORMED 1072 /**< The Host is not a host name, an IPv4 address or a bracketed IPv6 address with an optional port. */
#define OSTIARY_HOST_DISAGREES 1073 /**< The authority and the Host field differ. */
#define OSTIARY_LENGTH_MALFORMED 1080 /**< Content-Length is not one plain decimal number. */
#define OSTIARY_LENGTH_DUPLICATE 1081 /**< There is more than one Content-Length. */
#define OSTIARY_LENGTH_WITH_ENCODING 1082 /**< Content-Length and Transfer-Encoding stand together. */
#define OSTIARY_ENCODING_UNSUPPORTED 1083 /**< Transfer-Encoding is not exactly one chunked. */
#define OSTIARY_ENCODING_VERSION 1084 /**< Transfer-Encoding stands in a message that is not HTTP/1.1. */
#define OSTIARY_CREDENTIAL_MISSING 2001 /**< The request carries no credential and the route needs one. */
#define OSTIARY_CREDENTIAL_SCHEME 2002 /**< The Authorization scheme is not Bearer. */
#define OSTIARY_CREDENTIAL_MALFORMED 2003 /**< The Authorization value is not one scheme, one space and one token. */
#define OSTIARY_TOKEN_EMPTY 2010 /**< The token is empty. */
#define OSTIARY_TOKEN_TOO_LONG 2011 /**< The token or one of its parts is longer than the limit. */
#define OSTIARY_TOKEN_CHARACTER 2012 /**< The token has a byte that is neither base64url nor a dot. */
#define OSTIARY_TOKEN_SEGMENTS 2013 /**< The token does not have exactly three non-empty parts. */
#define OSTIARY_TOKEN_ENCRYPTED 2014 /**< The token has five parts (JWE); encrypted tokens are not accepted. */
#define OSTIARY_TOKEN_BASE64 2015 /**< A part is not canonical base64url: a wrong length, or unused bits that are not zero. */
#define OSTIARY_TOKEN_HEADER_JSON 2020 /**< The header is not one strict JSON object. */
#define OSTIARY_TOKEN_PAYLOAD_JSON 2021 /**< The payload is not one strict JSON object. */
#define OSTIARY_TOKEN_DUPLICATE_MEMBER 2022 /**< A JSON member name stands twice in the header or the payload. */
#define OSTIARY_TOKEN_JSON_LIMIT 2023 /**< The header or the payload is nested too deeply or has too many members. */
#define OSTIARY_TOKEN_ALGORITHM_MISSING 2030 /**< The header has no alg, or alg is not a string. */
#define OSTIARY_TOKEN_ALGORITHM_REFUSED 2031 /**< The algorithm is none, unknown, or not one the issuer is allowed to use. */
#define OSTIARY_TOKEN_CRITICAL 2032 /**< The header marks an extension as critical; none is supported. */
#define OSTIARY_TOKEN_HEADER_MEMBER 2033 /**< A header member has the wrong type or belongs to an encrypted token. */
#define OSTIARY_TOKEN_TYPE 2034 /**< The typ of the token is not JWT or at+jwt. */
#define OSTIARY_TOKEN_KEY_ID_MISSING 2035 /**< The header has no kid and more than one key could have signed. */
#define OSTIARY_TOKEN_KEY_UNKNOWN 2036 /**< No key of the issuer has this kid and algorithm. */
#define OSTIARY_TOKEN_SIGNATURE_LENGTH 2037 /**< The signature does not have the length its key demands. */
#define OSTIARY_TOKEN_SIGNATURE 2038 /**< The signature does not match. */
#define OSTIARY_TOKEN_ISSUER_MISSING 2040 /**< The token has no iss, or iss is not a string. */
#define OSTIARY_TOKEN_ISSUER_UNKNOWN 2041 /**< The issuer is not one that is trusted here. */
#define OSTIARY_TOKEN_ISSUER_KEYS 2042 /**< No keys have been given for the issuer. */
#define OSTIARY_TOKEN_AUDIENCE_MISSING 2043 /**< The token has no aud, or aud is neither a string nor a list of strings. */
#define OSTIARY_TOKEN_AUDIENCE 2044 /**< The token is meant for another audience. */
#define OSTIARY_TOKEN_EXPIRY_MISSING 2045 /**< The token has no exp. */
#define OSTIARY_TOKEN_DATE 2046 /**< exp, nbf or iat is not a non-negative JSON number below 2^53. */
#define OSTIARY_TOKEN_EXPIRED 2047 /**< The token has expired. */
#define OSTIARY_TOKEN_NOT_YET_VALID 2048 /**< The token is not valid yet (nbf or iat lies in the future). */
#define OSTIARY_TOKEN_CLAIM_TYPE 2049 /**< A registered claim has the wrong type. */
#define OSTIARY_IDENTITY_IMAGE 2050 /**< The bytes are not a well-formed Identity. */
#define OSTIARY_KEYS_JSON 3001 /**< The key set is not one strict JSON object with an array named keys. */
#define OSTIARY_KEYS_DUPLICATE_MEMBER 3002 /**< A JSON member name stands twice in the key set. */
#define OSTIARY_KEYS_LIMIT 3003 /**< The key set is larger, deeper or has more keys than the limit. */
#define OSTIARY_KEYS_EMPTY 3004 /**< The key set has no key that can verify a signature. */
#define OSTIARY_KEYS_DUPLICATE_ID 3005 /**< Two usable keys have the same kid. */
#define OSTIARY_KEY_TYPE 3010 /**< The key type is missing or not supported; the key is skipped. */
#define OSTIARY_KEY_USE 3011 /**< use or key_ops does not allow verification; the key is skipped. */
#define OSTIARY_KEY_ALGORITHM 3012 /**< alg is not supported or does not fit the key type; the key is skipped. */
#define OSTIARY_KEY_PRIVATE 3013 /**< The set holds private or symmetric key material; the whole set is refused. */
#define OSTIARY_KEY_MEMBER 3014 /**< A key member is missing, has the wrong type or is not canonical base64url. */
#define OSTIARY_KEY_RSA_SIZE 3015 /**< The RSA modulus is shorter than 2048 or longer than 8192 bits, or even. */
#define OSTIARY_KEY_RSA_EXPONENT 3016 /**< The RSA exponent is not odd and between 3 and 2^32. */
#define OSTIARY_KEY_CURVE 3017 /**< The curve is not one this algorithm uses. */
#define OSTIARY_KEY_POINT 3018 /**< The coordinates are not a point of the curve, or not of full length. */
#define OSTIARY_ALLOWED 4001 /**< A rule allows the request and no rule denies it. */
#define OSTIARY_NOT_DECIDED 4002 /**< No decision was taken; this is what a Decision holds before it is filled. */
#define OSTIARY_ROUTE_UNKNOWN 4010 /**< No route matches the host and path. */
#define OSTIARY_ROUTE_METHOD 4011 /**< A route matches the host and path, but not with this method. */
#define OSTIARY_RULE_DENIED 4020 /**< A deny rule matches. */
#define OSTIARY_RULE_NO_MATCH 4021 /**< No rule allows this identity on this route. */
#define OSTIARY_IDENTITY_HEADER_VALUE 4030 /**< A claim that must be sent to the origin has bytes that cannot stand in a header, or is too long. */
#define OSTIARY_GATE_JSON 5001 /**< The Gate is not strict JSON. */
#define OSTIARY_GATE_DUPLICATE_MEMBER 5002 /**< A member name stands twice in the Gate. */
#define OSTIARY_GATE_LIMIT 5003 /**< The Gate is larger, deeper or has more of something than the limit. */
#define OSTIARY_GATE_UNKNOWN_MEMBER 5004 /**< The language has no such member. */
#define OSTIARY_GATE_MISSING_MEMBER 5005 /**< A required member is missing. */
#define OSTIARY_GATE_TYPE 5006 /**< A member has the wrong JSON type. */
#define OSTIARY_GATE_VALUE 5007 /**< A value is outside what the language allows. */
#define OSTIARY_GATE_REFERENCE 5008 /**< A name is used that nothing declares. */
#define OSTIARY_GATE_DUPLICATE_ID 5009 /**< Two routes or two rules have the same id. */
#define OSTIARY_GATE_PATTERN 5010 /**< A host or path pattern is not in canonical form. */
#define OSTIARY_GATE_AMBIGUOUS 5011 /**< Two routes match the same request and neither is more specific; the message shows the request. */
#define OSTIARY_IMAGE_FORMAT 5020 /**< The bytes are not a Gate image of a format this version reads. */
#define OSTIARY_IMAGE_DAMAGED 5021 /**< The Gate image is truncated or damaged. */

/* END GENERATED REASONS */
#endif

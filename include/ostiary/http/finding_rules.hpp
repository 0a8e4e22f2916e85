// Generated from src/http/findings.json by src/http/generate_tables.py; do not edit.
//
// What becomes of a request because of each Finding, and which door can see the evidence.
#pragma once

#include <ostiary/core/reason.hpp>

#include <cstddef>
#include <cstdint>

namespace ostiary {

/// What becomes of a request because of a Finding.
enum class Disposition : std::uint8_t {
  kFlag,    ///< noticed, nothing changed
  kShape,   ///< repaired in the canonical view; forward the view, not the bytes
  kReject,  ///< the request is refused
};

/// One rule of the inspector. Plain data.
struct FindingRule {
  Reason reason = Reason::kInternal;
  Disposition disposition = Disposition::kReject;
  bool waivable = false;     ///< a route may waive it by name
  bool lenses = false;       ///< refused when back ends would reach different routes
  bool bytes_door = false;   ///< inspect_bytes can see the evidence
  bool fields_door = false;  ///< inspect_fields can see the evidence
};

inline constexpr std::size_t kFindingRuleCount = 63;

/// Every rule, in ascending order of Reason.
inline constexpr FindingRule kFindingRules[kFindingRuleCount] = {
    {Reason::kHeadTooLarge, Disposition::kReject, false, false, true, true},
    {Reason::kHeadBareLf, Disposition::kReject, false, false, true, false},
    {Reason::kHeadBareCr, Disposition::kReject, false, false, true, false},
    {Reason::kHeadLeadingEmptyLine, Disposition::kShape, false, false, true, false},
    {Reason::kMethodMalformed, Disposition::kReject, false, false, true, true},
    {Reason::kMethodUnsupported, Disposition::kReject, false, false, true, true},
    {Reason::kRequestLineMalformed, Disposition::kReject, false, false, true, false},
    {Reason::kVersionUnsupported, Disposition::kReject, false, false, true, false},
    {Reason::kTargetTooLong, Disposition::kReject, false, false, true, true},
    {Reason::kTargetForm, Disposition::kReject, false, false, true, true},
    {Reason::kTargetCharacter, Disposition::kReject, false, false, true, true},
    {Reason::kTargetFragment, Disposition::kReject, false, false, true, true},
    {Reason::kTargetScheme, Disposition::kReject, false, false, true, true},
    {Reason::kTargetUserInformation, Disposition::kReject, false, false, true, true},
    {Reason::kTargetAbsolute, Disposition::kShape, false, false, true, true},
    {Reason::kPathEscape, Disposition::kReject, false, false, true, true},
    {Reason::kPathEncodedSeparator, Disposition::kReject, true, true, true, true},
    {Reason::kPathBackslash, Disposition::kReject, false, false, true, true},
    {Reason::kPathControl, Disposition::kReject, false, false, true, true},
    {Reason::kPathDoubleEncoded, Disposition::kFlag, false, true, true, true},
    {Reason::kPathAboveRoot, Disposition::kReject, false, false, true, true},
    {Reason::kPathMatrixParameter, Disposition::kFlag, false, true, true, true},
    {Reason::kPathAmbiguousSlashes, Disposition::kFlag, false, true, true, true},
    {Reason::kPathUtf8, Disposition::kReject, true, false, true, true},
    {Reason::kPathDotSegment, Disposition::kShape, false, false, true, true},
    {Reason::kPathEmptySegment, Disposition::kShape, false, false, true, true},
    {Reason::kPathNormalisedEscape, Disposition::kShape, false, false, true, true},
    {Reason::kPathNonAscii, Disposition::kFlag, false, false, true, true},
    {Reason::kPathEncodedDelimiter, Disposition::kFlag, false, false, true, true},
    {Reason::kPathTrailingDotOrSpace, Disposition::kFlag, false, false, true, true},
    {Reason::kPathLookalike, Disposition::kReject, true, false, true, true},
    {Reason::kPathOverlong, Disposition::kReject, false, false, true, true},
    {Reason::kFieldName, Disposition::kReject, false, false, true, true},
    {Reason::kFieldColon, Disposition::kReject, false, false, true, false},
    {Reason::kFieldSpaceBeforeColon, Disposition::kReject, false, false, true, true},
    {Reason::kFieldFolded, Disposition::kReject, false, false, true, true},
    {Reason::kFieldValue, Disposition::kReject, false, false, true, true},
    {Reason::kFieldTooMany, Disposition::kReject, false, false, true, true},
    {Reason::kFieldDuplicate, Disposition::kReject, false, false, true, true},
    {Reason::kFieldNameUnderscore, Disposition::kReject, false, false, true, true},
    {Reason::kFieldValueObsText, Disposition::kFlag, false, false, true, true},
    {Reason::kFieldNameCase, Disposition::kReject, false, false, false, true},
    {Reason::kFieldConnectionSpecific, Disposition::kReject, false, false, true, true},
    {Reason::kFieldNotInHttp2, Disposition::kReject, false, false, false, true},
    {Reason::kFieldTrustedOnly, Disposition::kShape, false, false, true, true},
    {Reason::kFieldForbidden, Disposition::kShape, false, false, true, true},
    {Reason::kFieldListTooLong, Disposition::kReject, false, false, true, true},
    {Reason::kExpectUnsupported, Disposition::kReject, false, false, true, true},
    {Reason::kUpgradeH2c, Disposition::kShape, false, false, true, true},
    {Reason::kUpgradeRefused, Disposition::kReject, true, false, true, true},
    {Reason::kUpgradeWithBody, Disposition::kReject, false, false, true, true},
    {Reason::kHostMissing, Disposition::kReject, false, false, true, true},
    {Reason::kHostDuplicate, Disposition::kReject, false, false, true, true},
    {Reason::kHostMalformed, Disposition::kReject, false, false, true, true},
    {Reason::kHostDisagrees, Disposition::kReject, false, false, true, true},
    {Reason::kLengthMalformed, Disposition::kReject, false, false, true, true},
    {Reason::kLengthDuplicate, Disposition::kReject, false, false, true, true},
    {Reason::kLengthWithEncoding, Disposition::kReject, false, false, true, true},
    {Reason::kEncodingUnsupported, Disposition::kReject, false, false, true, true},
    {Reason::kEncodingVersion, Disposition::kReject, false, false, true, true},
    {Reason::kBodyUnexpected, Disposition::kReject, true, false, true, true},
    {Reason::kCookieLegacy, Disposition::kReject, false, false, true, true},
    {Reason::kCookieTooMany, Disposition::kReject, false, false, true, true},
};

}  // namespace ostiary

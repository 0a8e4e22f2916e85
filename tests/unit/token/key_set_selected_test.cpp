// Sets made of keys of other sets.
#include "unit/token/fixture.hpp"

#include <ostiary/token/key_set.hpp>
#include <ostiary/token/verifier.hpp>

#include <gtest/gtest.h>

#include <array>
#include <span>

namespace ostiary::test {
namespace {

using Places = std::span<const KeySet::KeyPlace>;

TEST(KeySetSelected, KeysKeepTheirKidAlgorithmAndMaterial) {
  const std::shared_ptr<const KeySet> all = every_key();
  const std::array<KeySet::KeyPlace, 2> places{{{all.get(), 2}, {all.get(), 0}}};
  const auto chosen = KeySet::selected(places);
  ASSERT_EQ(chosen.reason(), Reason::kOk);
  ASSERT_EQ((*chosen)->size(), 2U);
  for (const std::size_t i : {0U, 1U}) {
    const KeySet::KeyInfo copy = (*chosen)->key(i);
    const KeySet::KeyInfo original = all->key(places[i].index);
    EXPECT_EQ(copy.has_key_id, original.has_key_id);
    EXPECT_EQ(copy.key_id, original.key_id);
    EXPECT_EQ(copy.algorithm, original.algorithm);
    EXPECT_EQ(copy.bits, original.bits);
    EXPECT_EQ(copy.thumbprint, original.thumbprint);
  }
}

TEST(KeySetSelected, ASelectionOutlivesWhereItComesFrom) {
  std::shared_ptr<const KeySet> chosen;
  {
    const std::shared_ptr<const KeySet> original = import_keys(jwks({Keys::get().ed.jwk(R"("kid":"ed",)")}));
    const KeySet::KeyPlace place{original.get(), 0};
    chosen = *KeySet::selected(Places(&place, 1));
  }
  ASSERT_NE(chosen, nullptr);
  EXPECT_EQ(chosen->key(0).key_id, "ed");
  VerifyScratch scratch;
  EXPECT_EQ(verify_jws(token(kHeader, kPayload, Keys::get().ed), *chosen, kEveryAlgorithm, scratch).reason(),
            Reason::kOk);
}

TEST(KeySetSelected, AllKeysInTheirOrderHaveTheSameFingerprint) {
  const std::shared_ptr<const KeySet> all = every_key();
  const std::array<KeySet::KeyPlace, 3> places{{{all.get(), 0}, {all.get(), 1}, {all.get(), 2}}};
  EXPECT_EQ((*KeySet::selected(places))->fingerprint(), all->fingerprint());
  EXPECT_NE((*KeySet::selected(Places(places).first(2)))->fingerprint(), all->fingerprint());
}

TEST(KeySetSelected, WhatIsNoSetIsRefused) {
  const std::shared_ptr<const KeySet> all = every_key();
  const auto fault = [](Places places) {
    const auto chosen = KeySet::selected(places);
    EXPECT_EQ(*chosen == nullptr, !chosen.ok());
    return chosen.error();
  };
  EXPECT_EQ(fault({}).reason, Reason::kKeysEmpty);
  const std::array<KeySet::KeyPlace, 2> twice{{{all.get(), 1}, {all.get(), 1}}};
  EXPECT_EQ(fault(twice), (Error{Reason::kKeysDuplicateId, 1}));
  const std::array<KeySet::KeyPlace, 2> outside{{{all.get(), 1}, {all.get(), 3}}};
  EXPECT_EQ(fault(outside), (Error{Reason::kUsageArgument, 1}));
  const std::array<KeySet::KeyPlace, 1> nowhere{{{nullptr, 0}}};
  EXPECT_EQ(fault(nowhere), (Error{Reason::kUsageArgument, 0}));
}

}  // namespace
}  // namespace ostiary::test

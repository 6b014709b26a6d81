#include "coord/signed/signer.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::signed_;

namespace {
signing_key key_of(std::string_view seed_hex) {
  std::array<std::byte, 32> seed;
  BOOST_REQUIRE(from_hex(seed_hex, seed));
  return signing_key::from_seed(seed);
}
} // namespace

BOOST_AUTO_TEST_SUITE(signer_ed25519)

BOOST_AUTO_TEST_CASE(the_first_two_vectors_of_rfc_8032_hold) {
  const auto empty = key_of("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  BOOST_TEST(empty.public_half().hex() ==
             "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  BOOST_TEST(to_hex(empty.sign("")) ==
             "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
             "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  const auto one = key_of("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  BOOST_TEST(to_hex(one.sign("\x72")) ==
             "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
             "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

BOOST_AUTO_TEST_CASE(a_signature_holds_for_its_message_and_key_alone) {
  const auto key = signing_key::generate();
  const auto other = signing_key::generate();
  auto made = key.sign("message");
  BOOST_TEST(verify(key.public_half(), "message", made));
  BOOST_TEST(!verify(key.public_half(), "Message", made));
  BOOST_TEST(!verify(other.public_half(), "message", made));
  for (std::size_t i = 0; i < made.size(); ++i) {
    auto changed = made;
    changed[i] ^= std::byte{1};
    BOOST_TEST(!verify(key.public_half(), "message", changed));
  }
}

BOOST_AUTO_TEST_CASE(a_key_of_small_order_verifies_nothing) {
  public_key zero;
  signature made{};
  BOOST_TEST(!verify(zero, "message", made));
  zero.bytes[0] =
      std::byte{1}; // the neutral element, for which S = 0, R = 1 would be a signature of anything
  made[0] = std::byte{1};
  BOOST_TEST(!verify(zero, "message", made));
}

BOOST_AUTO_TEST_CASE(a_seed_makes_the_same_key_again) {
  const auto key = signing_key::generate();
  const auto seed = key.seed();
  BOOST_TEST((signing_key::from_seed(seed).public_half() == key.public_half()));
}

BOOST_AUTO_TEST_CASE(the_key_id_is_the_front_of_the_fingerprint) {
  const auto key = public_key::parse(
      "ed25519", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  BOOST_REQUIRE(key.has_value());
  auto spaced = key->fingerprint();
  BOOST_TEST(spaced.size() == 79U);
  std::erase(spaced, ' ');
  BOOST_TEST(spaced.substr(0, 32) == key->id());
  BOOST_TEST(!public_key::parse("rsa", key->hex()));
  BOOST_TEST(!public_key::parse("ed25519", "d75a"));
}

BOOST_AUTO_TEST_SUITE_END()

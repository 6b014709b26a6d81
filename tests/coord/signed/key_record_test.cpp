#include "coord/signed/key_record.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::signed_;

namespace {
key_record record_of(const signing_key& identity, const signing_key& signing,
                     std::uint64_t number = 1) {
  key_record made;
  made.owner = "identity--6a1f0e52-93c4-4f0e-8a35-0d1c2b3a4f50";
  made.name = "north-cert";
  made.number = number;
  made.identity = identity.public_half();
  made.transport.fill(std::byte{7});
  made.signing = {signing.public_half()};
  made.endpoints = {"tcp://192.0.2.1:7000"};
  made.issued = "2026-11-21T22:07:38.123Z";
  return made;
}
} // namespace

BOOST_AUTO_TEST_SUITE(key_record_numbered)

BOOST_AUTO_TEST_CASE(a_record_reads_back_as_it_was_written) {
  const auto identity = signing_key::generate();
  const auto signing = signing_key::generate();
  const auto bytes = *sign_key_record(record_of(identity, signing, 3), identity);
  const auto read = read_key_record(bytes);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->record.number == 3U);
  BOOST_TEST(read->record.name == "north-cert");
  BOOST_TEST((read->record.identity == identity.public_half()));
  BOOST_TEST((read->record.signing_key_of(signing.public_half().id()) != nullptr));
  BOOST_TEST((read->record.signing_key_of(identity.public_half().id()) == nullptr));
  BOOST_TEST(read->bytes == bytes);
}

BOOST_AUTO_TEST_CASE(a_record_signed_by_another_key_than_its_identity_is_refused) {
  const auto identity = signing_key::generate();
  const auto thief = signing_key::generate();
  auto bytes = *sign_key_record(record_of(identity, thief), thief);
  // The thief's record names the thief's key; put the true identity's key in its place.
  const auto at = bytes.find(thief.public_half().hex());
  bytes.replace(at, 64, identity.public_half().hex());
  BOOST_TEST((read_key_record(bytes).error() == key_record_errc::bad_signature));
}

BOOST_AUTO_TEST_CASE(incomplete_records_are_refused) {
  const auto identity = signing_key::generate();
  const auto refused = [&](auto change) {
    auto record = record_of(identity, identity);
    change(record);
    const auto bytes = sign_key_record(record, identity);
    return !read_key_record(*bytes).has_value();
  };
  BOOST_TEST(!refused([](key_record&) {}));
  BOOST_TEST(
      refused([](key_record& r) { r.owner = "identity--6A1F0E52-93C4-4F0E-8A35-0D1C2B3A4F50"; }));
  BOOST_TEST(
      refused([](key_record& r) { r.owner = "identity--6a1f0e52-93c4-5f0e-8a35-0d1c2b3a4f50"; }));
  BOOST_TEST(refused([](key_record& r) { r.name = "North"; }));
  BOOST_TEST(refused([](key_record& r) { r.name = ""; }));
  BOOST_TEST(refused([](key_record& r) { r.number = 0; }));
  BOOST_TEST(refused([](key_record& r) { r.signing.clear(); }));
  BOOST_TEST(refused([](key_record& r) { r.signing.resize(key_record_limit_keys + 1); }));
  BOOST_TEST(refused([](key_record& r) { r.endpoints = {"http://x"}; }));
  BOOST_TEST(refused(
      [](key_record& r) { r.endpoints.resize(key_record_limit_endpoints + 1, "tcp://h:1"); }));
}

BOOST_AUTO_TEST_CASE(only_a_newer_record_of_the_same_owner_and_identity_replaces_one) {
  const auto identity = signing_key::generate();
  const auto held = record_of(identity, identity, 2);
  BOOST_TEST(may_replace(held, record_of(identity, identity, 3)).has_value());
  BOOST_TEST((may_replace(held, held).error() == key_record_errc::not_newer));
  BOOST_TEST(
      (may_replace(held, record_of(identity, identity, 1)).error() == key_record_errc::not_newer));
  const auto other = signing_key::generate();
  BOOST_TEST(
      (may_replace(held, record_of(other, other, 3)).error() == key_record_errc::other_identity));
  auto stranger = record_of(identity, identity, 3);
  stranger.owner = "identity--7a1f0e52-93c4-4f0e-8a35-0d1c2b3a4f50";
  BOOST_TEST((may_replace(held, stranger).error() == key_record_errc::other_owner));
}

BOOST_AUTO_TEST_SUITE_END()

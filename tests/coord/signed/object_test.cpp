#include "coord/signed/object.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::signed_;

namespace {

constexpr auto owner = "identity--6a1f0e52-93c4-4f0e-8a35-0d1c2b3a4f50";
constexpr auto marking = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";

struct origin {
  signing_key key = signing_key::generate();
  key_record record;
  origin() {
    record.owner = owner;
    record.signing = {key.public_half()};
  }
};

std::string incident_body() {
  return *write_canonical(json_value::object{{"type", "incident"},
                                             {"id", "incident--1"},
                                             {"modified", "2026-11-21T22:07:38.123Z"},
                                             {"object_marking_refs", json_value::array{marking}}});
}

seal incident_seal() {
  return {"stix:incident",         "incident--1", "2026-11-21T22:07:38.123Z", {}, {marking},
          onward_terms::as_marked, owner};
}

} // namespace

BOOST_AUTO_TEST_SUITE(object_seal)

BOOST_AUTO_TEST_CASE(a_sealed_object_verifies_with_the_key_in_force) {
  const origin from;
  const auto made = *seal_object(incident_seal(), incident_body(), from.key);
  const auto read = verify_object(made, from.record);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->id == "incident--1");
  BOOST_TEST((read->body == digest::of(incident_body())));
  BOOST_TEST((read->onward == onward_terms::as_marked));
}

BOOST_AUTO_TEST_CASE(each_changed_byte_of_seal_or_body_is_refused) {
  const origin from;
  const auto made = *seal_object(incident_seal(), incident_body(), from.key);
  for (std::size_t i = 0; i < made.seal_bytes.size(); ++i) {
    auto changed = made;
    changed.seal_bytes[i] = static_cast<char>(changed.seal_bytes[i] ^ 1);
    BOOST_TEST(!verify_object(changed, from.record).has_value(), "seal byte " << i);
  }
  for (std::size_t i = 0; i < made.body.size(); ++i) {
    auto changed = made;
    changed.body[i] = static_cast<char>(changed.body[i] ^ 1);
    BOOST_TEST((verify_object(changed, from.record).error() == object_errc::hash_mismatch),
               "body byte " << i);
  }
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_in_force_seals_nothing) {
  const origin from;
  const auto thief = signing_key::generate();
  const auto made = *seal_object(incident_seal(), incident_body(), thief);
  BOOST_TEST((verify_object(made, from.record).error() == object_errc::unknown_key));
}

BOOST_AUTO_TEST_CASE(an_object_of_another_origin_is_refused) {
  const origin from;
  auto stated = incident_seal();
  stated.origin = "identity--7a1f0e52-93c4-4f0e-8a35-0d1c2b3a4f50";
  BOOST_TEST((verify_object(*seal_object(stated, incident_body(), from.key), from.record).error() ==
              object_errc::unknown_key));
}

BOOST_AUTO_TEST_CASE(a_seal_that_says_other_than_its_body_is_refused) {
  const origin from;
  const auto mismatch = [&](auto change) {
    auto stated = incident_seal();
    change(stated);
    const auto read = verify_object(*seal_object(stated, incident_body(), from.key), from.record);
    return !read && read.error() == object_errc::seal_mismatch;
  };
  BOOST_TEST(mismatch([](seal& s) { s.id = "incident--2"; }));
  BOOST_TEST(mismatch([](seal& s) { s.version = "2026-11-21T22:07:38.124Z"; }));
  BOOST_TEST(mismatch([](seal& s) { s.markings.clear(); }));
  BOOST_TEST(mismatch([](seal& s) { s.markings.push_back("x"); }));
  BOOST_TEST(mismatch([](seal& s) { s.kind = "stix:indicator"; }));
}

BOOST_AUTO_TEST_CASE(a_body_that_is_not_canonical_is_refused) {
  const origin from;
  const auto made = *seal_object(incident_seal(), incident_body() + " ", from.key);
  BOOST_TEST((verify_object(made, from.record).error() == object_errc::malformed));
}

BOOST_AUTO_TEST_CASE(an_unknown_kind_is_still_an_object) {
  const origin from;
  const seal stated{"future:thing", "thing--1", "", {}, {}, onward_terms::none, owner};
  BOOST_TEST(verify_object(*seal_object(stated, R"({"id":"thing--1"})", from.key), from.record)
                 .has_value());
  BOOST_TEST(!is_kind("Future thing"));
  BOOST_TEST(!is_kind(""));
}

BOOST_AUTO_TEST_SUITE_END()

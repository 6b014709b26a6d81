#include "coord/signed/signed_document.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::signed_;

namespace {
const json_value statement = json_value::object{{"type", "head"}, {"length", 7}};
} // namespace

BOOST_AUTO_TEST_SUITE(signed_document_form)

BOOST_AUTO_TEST_CASE(what_was_signed_reads_back_and_verifies) {
  const auto key = signing_key::generate();
  const auto bytes = sign_statement(statement, key);
  BOOST_REQUIRE(bytes.has_value());
  BOOST_TEST(read_canonical(*bytes).has_value());
  const auto read = signed_document::read(*bytes, "head");
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((read->statement() == statement));
  BOOST_TEST(read->key_id() == key.public_half().id());
  BOOST_TEST(read->verified_by(key.public_half()));
  BOOST_TEST(!read->verified_by(signing_key::generate().public_half()));
}

BOOST_AUTO_TEST_CASE(every_changed_byte_is_refused) {
  const auto key = signing_key::generate();
  const auto bytes = *sign_statement(statement, key);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (const unsigned char flip : {0x01, 0x20, 0x80}) {
      auto changed = bytes;
      changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ flip);
      const auto read = signed_document::read(changed, "head");
      BOOST_TEST((!read || !read->verified_by(key.public_half())), "byte " << i << " of " << bytes);
    }
}

BOOST_AUTO_TEST_CASE(another_type_of_statement_is_not_taken_for_this_one) {
  const auto bytes = *sign_statement(statement, signing_key::generate());
  BOOST_TEST((signed_document::read(bytes, "envelope").error() == document_errc::wrong_type));
}

BOOST_AUTO_TEST_CASE(an_unknown_algorithm_is_named_as_the_reason) {
  auto bytes = *sign_statement(statement, signing_key::generate());
  bytes.replace(bytes.find("ed25519"), 7, "ed25520");
  BOOST_TEST((signed_document::read(bytes, "head").error() == document_errc::unknown_algorithm));
}

BOOST_AUTO_TEST_CASE(one_more_member_makes_it_another_document) {
  const auto bytes = *sign_statement(statement, signing_key::generate());
  BOOST_TEST((signed_document::read("{\"extra\":1," + bytes.substr(1), "head").error() ==
              document_errc::incomplete));
  BOOST_TEST((signed_document::read(" " + bytes, "head").error() == document_errc::not_canonical));
  BOOST_TEST((signed_document::read("{}", "head").error() == document_errc::incomplete));
  BOOST_TEST((signed_document::read("", "head").error() == document_errc::not_canonical));
}

BOOST_AUTO_TEST_SUITE_END()

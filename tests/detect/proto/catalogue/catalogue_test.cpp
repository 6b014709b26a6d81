#include "detect/proto/catalogue/catalogue.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::proto;

BOOST_AUTO_TEST_SUITE(proto_catalogue)

BOOST_AUTO_TEST_CASE(every_parsed_protocol_is_described_and_made_under_its_name) {
  const catalogue::parser_maker maker{{}};
  BOOST_TEST(!catalogue::parsed().empty());
  for (const auto protocol : catalogue::parsed()) {
    const auto* description = catalogue::describe(protocol);
    BOOST_REQUIRE(description != nullptr);
    BOOST_TEST(description->name == name_of(protocol));
    const auto parser = maker.make(protocol, {});
    BOOST_REQUIRE(parser != nullptr);
    BOOST_TEST(parser->protocol() == name_of(protocol));
    BOOST_TEST(parser->transactions().empty());
  }
}
BOOST_AUTO_TEST_CASE(a_protocol_without_a_parser_is_neither_described_nor_made) {
  const catalogue::parser_maker maker{{}};
  BOOST_CHECK(catalogue::describe(app_protocol::unknown) == nullptr);
  BOOST_CHECK(maker.make(app_protocol::unknown, {}) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

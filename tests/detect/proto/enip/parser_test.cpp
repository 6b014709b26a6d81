#include "detect/proto/enip/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string le16(std::size_t n) {
  return {static_cast<char>(n & 0xffU), static_cast<char>(n >> 8)};
}
std::string message(unsigned command, std::string_view body_hex, char context = 'c') {
  const auto body = from_hex(body_hex);
  return le16(command) + le16(body.size()) + std::string(8, '\0') + std::string(8, context) +
         std::string(4, '\0') + body;
}
/// SendRRData with one unconnected item of CIP.
std::string cip(std::string_view cip_hex, char context = 'c') {
  const auto bytes = from_hex(cip_hex);
  const auto body = std::string(6, '\0') + le16(2) + std::string(4, '\0') + le16(0xb2) +
                    le16(bytes.size()) + bytes;
  return le16(0x6f) + le16(body.size()) + std::string(8, '\0') + std::string(8, context) +
         std::string(4, '\0') + body;
}
constexpr std::string_view identity_body =
    "0100 0c00 2d00 0100 0002 af12 0a0101a4 0000000000000000 0100 0c00 3a00 0403 3000 8e4d5200 "
    "0b 313735362d454e42542f41 03";

struct flow {
  enip::parser parser{transport::tcp};
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const transaction& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return *parser.transactions()[i];
  }
  std::vector<std::uint64_t> numbers(std::string_view name, direction way) {
    std::vector<std::uint64_t> all;
    for (std::size_t id = 0; id < enip::description.fields.size(); ++id)
      if (enip::description.fields[id].name == name && enip::description.fields[id].way == way)
        for (std::size_t n = 0; n < tx().field_instances(static_cast<field_id>(id)); ++n)
          all.push_back(*tx().field(static_cast<field_id>(id), n));
    return all;
  }
  bool says(std::string_view text) { return members_of(tx()).find(text) != std::string::npos; }
};
using numbers = std::vector<std::uint64_t>;

} // namespace

BOOST_AUTO_TEST_SUITE(enip_parser)

BOOST_AUTO_TEST_CASE(a_device_tells_its_identity) {
  flow f;
  f.client(message(0x63, ""));
  f.server(message(0x63, identity_body));
  BOOST_TEST(f.parser.transactions().size() == 1U);
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST((f.numbers("enip_command", to_server) == numbers{0x63}));
  BOOST_TEST((f.numbers("enip_command", to_client) == numbers{0x63}));
  BOOST_TEST((f.numbers("enip.vendor_id", to_client) == numbers{1}));
  BOOST_TEST((f.numbers("enip.product_code", to_client) == numbers{0x3a}));
  BOOST_TEST((f.numbers("enip.revision", to_client) == numbers{0x0403}));
  BOOST_TEST((f.numbers("enip.state", to_client) == numbers{3}));
  BOOST_TEST(as_text(*f.tx().buffer(0, 0)) == "1756-ENBT/A");
  BOOST_TEST(f.says(R"("request":{"command":"list_identity","status":"success"})"));
  BOOST_TEST(f.says(R"("revision":"4.3")"));
}

BOOST_AUTO_TEST_CASE(services_and_sessions_are_read) {
  flow f;
  f.client(message(0x65, "0100 0000"));
  BOOST_TEST((f.numbers("enip.protocol_version", to_server) == numbers{1}));
  flow services;
  services.server(message(0x04, "0100 0001 1400 0100 2001 436f6d6d756e69636174696f6e730000"));
  BOOST_TEST((services.numbers("enip.capabilities", to_client) == numbers{0x120}));
  BOOST_TEST(as_text(*services.tx().buffer(1, 0)) == "Communications");
}

BOOST_AUTO_TEST_CASE(cip_tells_service_class_and_attribute) {
  flow f;
  f.client(cip("0e 03 20 f5 24 01 30 05"));
  f.server(cip("8e 00 05 01 0200"));
  BOOST_TEST((f.numbers("cip_service", to_server) == numbers{enip::packed_service(14, 0xf5, 5)}));
  BOOST_TEST((f.numbers("enip.cip_class", to_server) == numbers{0xf5}));
  BOOST_TEST((f.numbers("enip.cip_instance", to_server) == numbers{1}));
  BOOST_TEST((f.numbers("enip.cip_attribute", to_server) == numbers{5}));
  BOOST_TEST((f.numbers("enip.cip_status", to_client) == numbers{5}));
  BOOST_TEST((f.numbers("enip.cip_extendedstatus", to_client) == numbers{2}));
  BOOST_TEST(f.says(R"("class_name":"TCP/IP Interface")"));
  BOOST_TEST(f.says(R"("status":"path_destination_unknown")"));
}

BOOST_AUTO_TEST_CASE(carried_services_are_read_too) {
  flow f;
  f.client(cip("0a 02 20 02 24 01  0200 0600 0a00  4b 01 20 67  4c 02 20 6b 25 00"));
  const auto all = f.numbers("cip_service", to_server);
  BOOST_REQUIRE(all.size() == 3U);
  BOOST_TEST((all[1] & 0xffU) == 0x4bU);
  flow sent;
  sent.client(cip("52 02 20 06 24 01  0a 0e 0600  01 02 20 01 24 01  0100 0100"));
  BOOST_TEST((sent.numbers("enip.cip_class", to_server) == numbers{6, 1}));
  flow listed;
  listed.client(cip("03 02 20 f6 24 01 0200 0100 0300"));
  BOOST_TEST((listed.numbers("enip.cip_attribute", to_server) == numbers{1, 3}));
}

BOOST_AUTO_TEST_CASE(lengths_that_contradict_are_an_event) {
  for (const auto& bytes : {message(0x6f, "000000000000 0100 b200 4000 0e"), message(0x65, "01"),
                            cip("0e 20 20 f5"), cip("0a 02 20 02 24 01 0200 0600 f000")})
    BOOST_TEST_CONTEXT(bytes.size()) {
      flow f;
      BOOST_TEST((f.client(bytes) == parse_status::consumed));
      BOOST_REQUIRE(f.tx().events().size() == 1U);
      BOOST_TEST(f.tx().events()[0] == "invalid_pdu");
    }
}

BOOST_AUTO_TEST_CASE(answers_find_their_question) {
  flow f;
  f.client(message(0x63, "", 'a') + message(0x63, "", 'b'));
  f.server(message(0x63, "", 'b'));
  BOOST_TEST(!f.tx(0).is_done());
  BOOST_TEST(f.tx(1).is_done());
  f.parser.end(to_client);
  BOOST_TEST(f.tx(0).is_done());
}

BOOST_AUTO_TEST_CASE(waiting_requests_are_bounded) {
  flow f;
  for (std::size_t i = 0; i <= enip::parser::waiting_limit; ++i)
    f.client(message(0x63, ""));
  BOOST_TEST(f.tx(0).is_done());
  BOOST_TEST(f.tx(0).events()[0] == "too_many_transactions");
}

BOOST_AUTO_TEST_CASE(a_datagram_that_is_cut_is_an_event) {
  enip::parser parser{transport::udp};
  feed(parser, to_server, message(0x65, "0100 0000").substr(0, 26));
  BOOST_REQUIRE(parser.transactions().size() == 1U);
  BOOST_TEST(parser.transactions()[0]->events()[0] == "invalid_pdu");
  feed(parser, to_server, message(0x63, ""));
  BOOST_TEST(parser.transactions().size() == 2U);
  BOOST_TEST((parser.gap(to_server, 1) == parse_status::malformed));
}

BOOST_AUTO_TEST_CASE(any_split_of_the_bytes_says_the_same) {
  const conversation talk{
      cresset::test::client(message(0x63, "") + cip("0e 03 20 f5 24 01 30 05")),
      cresset::test::server(message(0x63, identity_body) + cip("8e 00 00 00 0102"))};
  const auto all = summaries_of_all_splits(
      [] { return std::make_unique<enip::parser>(transport::tcp); }, enip::description, talk);
  for (const auto& one : all)
    BOOST_TEST(one == all.front());
}

BOOST_AUTO_TEST_SUITE_END()

#include "detect/proto/rdp/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::rdp;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string tpkt(const std::string& x224) {
  const auto size = x224.size() + 4;
  return std::string{'\3', '\0', static_cast<char>(size >> 8), static_cast<char>(size)} + x224;
}
std::string connection(int code, const std::string& variable) {
  return tpkt(std::string{static_cast<char>(6 + variable.size()), static_cast<char>(code)} +
              std::string(5, '\0') + variable);
}
const std::string request =
    connection(0xe0, "Cookie: mstshash=A70067\r\n" + from_hex("01 00 0800 03000000"));
std::string confirm(const std::string& hex) {
  return connection(0xd0, from_hex(hex));
}
std::string wide(const std::string& text, std::size_t size) {
  std::string made;
  for (const char c : text)
    made += c, made += '\0';
  made.resize(size, '\0');
  return made;
}
std::string le16(std::size_t value) {
  return {static_cast<char>(value), static_cast<char>(value >> 8)};
}
std::string block(std::size_t type, const std::string& content) {
  return le16(type) + le16(content.size() + 4) + content;
}
const std::string core = from_hex("04000800 8004 6003 01ca 03aa 09040000 280a0000") +
                         wide("ISD2-KM84178", 32) + from_hex("04000000 00000000 0c000000") +
                         std::string(64, '\0') + from_hex("01ca 0100 00000000 0f00 0700 0100") +
                         wide("55274-OEM", 64);
const std::string network = from_hex("02000000") + std::string("rdpdr\0\0\0", 8) +
                            from_hex("00000080") + std::string("cliprdr\0", 8) +
                            from_hex("000000c0");
std::string connect(const std::string& blocks, int tag = 0x65) {
  const auto size = blocks.size();
  return tpkt(from_hex("02f080 7f") + static_cast<char>(tag) + from_hex("820100 040101 0000") +
              "Duca" + static_cast<char>(0x80 | size >> 8) + static_cast<char>(size) + blocks);
}
const std::string connect_request =
    connect(block(0xc001, core) + block(0xc002, "secu") + block(0xc003, network));

struct flow {
  rdp::parser parser;
  const message& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const message&>(*parser.transactions()[i]);
  }
  parse_status client(const std::string& bytes) { return feed(parser, to_server, bytes); }
  parse_status server(const std::string& bytes) { return feed(parser, to_client, bytes); }
  bool has_event(std::string_view event, std::size_t i = 0) {
    const auto all = tx(i).events();
    return std::find(all.begin(), all.end(), event) != all.end();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(rdp_parser)

BOOST_AUTO_TEST_CASE(without_tls_the_client_tells_of_itself) {
  flow f;
  BOOST_CHECK(f.client(request) == parse_status::consumed);
  BOOST_CHECK(f.server(confirm("02 09 0800 00000000")) == parse_status::consumed);
  BOOST_CHECK(f.client(connect_request) == parse_status::finished);
  BOOST_CHECK(f.server(connect("", 0x66)) == parse_status::finished);
  BOOST_CHECK(f.client("encrypted") == parse_status::finished);
  BOOST_TEST(members_of(f.tx(0)) ==
             R"({"tx_id":0,"event_type":"initial_request","cookie":"A70067"})");
  BOOST_TEST(
      members_of(f.tx(1)) ==
      R"({"tx_id":1,"event_type":"initial_response","server_supports":["extended_client_data","restricted_admin"],"protocol":"rdp"})");
  BOOST_TEST(
      members_of(f.tx(2)) ==
      R"({"tx_id":2,"event_type":"connect_request","client":{"version":"RDP v5","desktop_width":1152,"desktop_height":864,"color_depth":15,"keyboard_layout":"en-US","build":"Windows XP","client_name":"ISD2-KM84178","keyboard_type":"ibm_enhanced","function_keys":12,"product_id":1,"capabilities":["support_errinfo_pdf"],"id":"55274-OEM"},"channels":["rdpdr","cliprdr"]})");
  BOOST_TEST(members_of(f.tx(3)) == R"({"tx_id":3,"event_type":"connect_response"})");
  for (std::size_t i = 0; i < 4; ++i)
    BOOST_TEST(f.tx(i).events().empty());
}

BOOST_AUTO_TEST_CASE(selected_tls_changes_the_protocol) {
  flow f;
  f.client(request);
  BOOST_CHECK(f.server(confirm("02 00 0800 02000000")) == parse_status::changed);
  BOOST_CHECK(f.client("\x16\x03\x01") == parse_status::changed);
  BOOST_TEST(f.parser.left_over(to_server).size() == 3U);
  BOOST_TEST(members_of(f.tx(1)) ==
             R"({"tx_id":1,"event_type":"initial_response","protocol":"hybrid"})");
  flow one_sided;
  one_sided.client(request);
  BOOST_CHECK(one_sided.client("\x16\x03\x01") == parse_status::changed);
}

BOOST_AUTO_TEST_CASE(a_refusal_says_why) {
  flow f;
  BOOST_CHECK(f.server(confirm("03 00 0800 05000000")) == parse_status::consumed);
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"tx_id":0,"event_type":"initial_response","error_code":5,"reason":"hybrid required by server"})");
}

BOOST_AUTO_TEST_CASE(the_same_stream_gives_the_same_messages_however_it_is_cut) {
  const conversation talk{
      cresset::test::client(request), cresset::test::server(confirm("02 00 0800 00000000")),
      cresset::test::client(connect_request), cresset::test::server(connect("", 0x66))};
  const auto all = summaries_of_all_splits([] { return std::make_unique<rdp::parser>(); },
                                           rdp::description, talk);
  BOOST_TEST(all.front().find("tx 3") != std::string::npos);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(what_is_damaged_is_named) {
  for (const std::string& bad :
       {connection(0xe0, "Cookie: mstshash=no end"), connection(0xe0, from_hex("0100")),
        connection(0xe0, from_hex("02 00 0800 00000000")), confirm("05 00 0800 00000000"),
        confirm("02 00 0900 00000000"), tpkt(from_hex("02e0")),
        tpkt(from_hex("02f080 7f65") + "no mark"), connect(block(0xc001, "short")),
        connect(block(0xc003, from_hex("ff000000"))),
        connect(block(0xc003, from_hex("02000000 00"))), connect(from_hex("01c00300")),
        connect(from_hex("01c0ffff"))}) {
    flow f;
    feed(f.parser, bad[5] == '\xd0' ? to_client : to_server, bad);
    BOOST_TEST(f.has_event("malformed_data"));
    members_of(f.tx());
  }
  flow f;
  BOOST_CHECK(f.client("GET / HTTP/1.1") == parse_status::malformed);
  BOOST_TEST(f.has_event("malformed_data"));
  BOOST_TEST(!f.tx().is_logged());
  flow empty;
  BOOST_CHECK(empty.client(from_hex("03000004")) == parse_status::malformed);
}

BOOST_AUTO_TEST_CASE(other_messages_and_gaps_are_passed_over) {
  flow f;
  BOOST_CHECK(f.client(tpkt(from_hex("02f080 68"))) == parse_status::consumed);
  BOOST_TEST(f.parser.transactions().empty());
  f.client(request.substr(0, 10));
  BOOST_CHECK(f.parser.gap(to_server, 100) == parse_status::finished);
  BOOST_CHECK(f.client(request) == parse_status::finished);
}

BOOST_AUTO_TEST_CASE(long_messages_are_cut) {
  flow f;
  BOOST_CHECK(f.client(tpkt(from_hex("06e0 00000000 00") + std::string(20000, 'x'))) ==
              parse_status::consumed);
  BOOST_TEST(f.has_event("malformed_data"));
}

BOOST_AUTO_TEST_SUITE_END()

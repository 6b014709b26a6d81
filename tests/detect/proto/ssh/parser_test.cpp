#include "detect/proto/ssh/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::ssh;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string number(std::size_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string packet(int type, const std::string& payload, std::size_t padding = 4) {
  return number(2 + payload.size() + padding) + static_cast<char>(padding) +
         static_cast<char>(type) + payload + std::string(padding, '\0');
}
std::string key_exchange() {
  std::string lists(16, 'c');
  for (const std::string name :
       {"kex", "host", "enc-ts", "enc-tc", "mac-ts", "mac-tc", "comp-ts", "comp-tc", "", ""})
    lists += number(name.size()) + name;
  return packet(20, lists + std::string(5, '\0'));
}
const conversation full{
    cresset::test::server("hello\r\nSSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" + key_exchange()),
    cresset::test::client("SSH-2.0-Go\r\n" + key_exchange() + packet(30, "dh") + packet(21, "")),
    cresset::test::server(packet(31, std::string(300, 'd')) + packet(21, ""))};

struct flow {
  ssh::parser parser{ssh::settings{.log_hassh = true}};
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const session& tx() {
    BOOST_REQUIRE(parser.transactions().size() == 1U);
    return static_cast<const session&>(*parser.transactions()[0]);
  }
  std::string buffer(buffer_index id) {
    const auto bytes = tx().buffer(static_cast<buffer_id>(id), 0);
    return bytes ? std::string{as_text(*bytes)} : "(none)";
  }
  bool has_event(std::string_view event) {
    for (const auto one : tx().events())
      if (one == event)
        return true;
    return false;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ssh_parser)

BOOST_AUTO_TEST_CASE(banners_and_fingerprints_are_shown) {
  flow f;
  for (const auto& [way, bytes] : full)
    feed(f.parser, way, bytes);
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.tx().events().empty());
  BOOST_TEST(f.buffer(buffer_index::proto_ts) == "2.0");
  BOOST_TEST(f.buffer(buffer_index::software_ts) == "Go");
  BOOST_TEST(f.buffer(buffer_index::software_tc) == "OpenSSH_9.2p1");
  BOOST_TEST(f.buffer(buffer_index::hassh_string) == "kex;enc-ts;mac-ts;comp-ts");
  BOOST_TEST(f.buffer(buffer_index::hassh_server_string) == "kex;enc-tc;mac-tc;comp-tc");
  BOOST_TEST(f.buffer(buffer_index::hassh).size() == 32U);
  const auto json = members_of(f.tx());
  BOOST_TEST(json.starts_with(
      R"({"client":{"proto_version":"2.0","software_version":"Go","hassh":{"hash":")"));
  BOOST_TEST(json.find(R"("server":{"proto_version":"2.0","software_version":"OpenSSH_9.2p1")") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_session_however_they_are_cut) {
  const auto all = summaries_of_all_splits(
      [] { return std::make_unique<ssh::parser>(ssh::settings{}); }, ssh::description, full);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(behind_new_keys_a_direction_is_finished) {
  flow f;
  BOOST_CHECK(f.client("SSH-2.0-x\r\n") == parse_status::consumed);
  BOOST_CHECK(f.client(packet(21, "")) == parse_status::finished);
  BOOST_CHECK(f.client("secret") == parse_status::finished);
  BOOST_TEST(f.tx().is_done(to_server));
}

BOOST_AUTO_TEST_CASE(banners_that_are_none_stop_the_direction) {
  flow f;
  BOOST_CHECK(f.client("GET / HTTP/1.1\r\n") == parse_status::malformed);
  BOOST_TEST(f.has_event("invalid_banner"));
  flow dashless;
  BOOST_CHECK(dashless.client("SSH-2.0\r\n") == parse_status::malformed);
  flow endless;
  auto status = parse_status::consumed;
  for (std::size_t i = 0;
       i < 2 * ssh::parser::lines_before_banner && status != parse_status::malformed; ++i)
    status = endless.server("again\r\n");
  BOOST_CHECK(status == parse_status::malformed);
}

BOOST_AUTO_TEST_CASE(a_long_banner_is_cut_with_an_event) {
  flow f;
  f.client("SSH-2.0-" + std::string(5000, 'x') + "\r\n");
  BOOST_TEST(f.has_event("long_banner"));
  BOOST_TEST(f.buffer(buffer_index::software_ts).size() < ssh::parser::banner_limit_bytes);
}

BOOST_AUTO_TEST_CASE(packets_that_cannot_be_are_named) {
  flow f;
  f.client("SSH-2.0-x\r\n");
  BOOST_CHECK(f.client(from_hex("00000001 04 14")) == parse_status::malformed);
  BOOST_TEST(f.has_event("long_kex_record"));
  flow other;
  other.client("SSH-2.0-x\r\n");
  BOOST_CHECK(other.client(from_hex("ffffffff 04 1e")) == parse_status::malformed);
  BOOST_TEST(other.has_event("invalid_record"));
  flow lists;
  lists.client("SSH-2.0-x\r\n" + packet(20, std::string(16, 'c') + from_hex("ffffffff")));
  BOOST_TEST(lists.has_event("invalid_record"));
  BOOST_TEST(lists.buffer(buffer_index::hassh) == "(none)");
}

BOOST_AUTO_TEST_CASE(a_gap_is_passed_over_only_inside_a_packet_of_no_interest) {
  flow f;
  f.client("SSH-2.0-x\r\n" + packet(30, std::string(100, 'd')).substr(0, 20));
  BOOST_CHECK(f.parser.gap(to_server, 50) == parse_status::resynchronised);
  BOOST_CHECK(f.parser.gap(to_server, 500) == parse_status::malformed);
}

BOOST_AUTO_TEST_CASE(an_end_makes_it_done_and_a_released_one_is_gone) {
  flow f;
  f.client("SSH-2.0-x\r\n");
  f.parser.end(to_server);
  f.parser.end(to_client);
  BOOST_TEST(f.tx().is_done());
  f.parser.release(0);
  BOOST_TEST(f.parser.transactions().empty());
}

BOOST_AUTO_TEST_SUITE_END()

#include "detect/proto/websocket/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::websocket;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

struct flow {
  settings limits;
  websocket::parser parser{limits};
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const transaction& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return *parser.transactions()[i];
  }
  std::string payload(buffer_index id, std::size_t i = 0) {
    const auto bytes = tx(i).buffer(static_cast<buffer_id>(id), 0);
    return bytes ? std::string{as_text(*bytes)} : "(none)";
  }
  std::uint64_t number(field_index id, std::size_t i = 0) {
    return tx(i).field(static_cast<field_id>(id), 0).value_or(999);
  }
};
constexpr auto ts = buffer_index::payload_ts;
constexpr auto tc = buffer_index::payload_tc;

} // namespace

BOOST_AUTO_TEST_SUITE(websocket_parser)

BOOST_AUTO_TEST_CASE(the_frames_of_the_standard_are_read) {
  // RFC 6455 5.7
  flow f;
  f.server(from_hex("810548656c6c6f"));
  f.client(from_hex("818537fa213d7f9f4d5158"));
  BOOST_TEST(f.payload(tc) == "Hello");
  BOOST_TEST(f.payload(ts, 1) == "Hello");
  BOOST_TEST(f.number(field_index::opcode_tc) == 1U);
  BOOST_TEST(f.number(field_index::flags_tc) == 0x80U);
  BOOST_TEST(f.number(field_index::mask_tc) == 999U);
  BOOST_TEST(f.number(field_index::mask_ts, 1) == 0x37fa213dU);
  BOOST_TEST(members_of(f.tx(1)) == R"({"fin":true,"mask":939139389,"opcode":"text"})");
  BOOST_TEST(f.tx(1).concerns(to_server));
  BOOST_TEST(!f.tx(1).concerns(to_client));
}

BOOST_AUTO_TEST_CASE(the_last_frame_shows_the_whole_message) {
  flow f;
  f.server(from_hex("010348656c") + from_hex("8900") + from_hex("80026c6f"));
  BOOST_TEST(f.payload(tc, 0) == "Hel");
  BOOST_TEST(f.number(field_index::opcode_tc, 1) == 9U);
  BOOST_TEST(f.payload(tc, 2) == "Hello");
  BOOST_TEST(f.number(field_index::opcode_tc, 2) == 0U);
}

BOOST_AUTO_TEST_CASE(packed_messages_are_unpacked_with_one_window) {
  // RFC 7692 7.2.3.1, 7.2.3.2: the second message points back into the first
  flow f;
  f.server(from_hex("c107f248cdc9c90700") + from_hex("c105f200110000"));
  BOOST_TEST(f.payload(tc, 0) == "Hello");
  BOOST_TEST(f.payload(tc, 1) == "Hello");
  flow pieces;
  pieces.server(from_hex("4103f248cd") + from_hex("8004c9c90700"));
  BOOST_TEST(pieces.payload(tc, 1) == "Hello");
  flow damaged;
  damaged.server(from_hex("c103ffffff"));
  BOOST_TEST(damaged.payload(tc) == from_hex("ffffff"));
  BOOST_TEST(damaged.tx().events().size() == 1U);
}

BOOST_AUTO_TEST_CASE(long_payloads_are_kept_up_to_the_limit) {
  flow f;
  f.limits.payload_limit = 300;
  f.server(from_hex("827e0100") + std::string(256, 'a'));
  f.server(from_hex("827f0000000000010000") + std::string(65536, 'b') + from_hex("8100"));
  BOOST_TEST(f.payload(tc).size() == 256U);
  BOOST_TEST(f.payload(tc, 1).size() == 300U);
  BOOST_TEST(f.payload(tc, 2) == "(none)");
}

BOOST_AUTO_TEST_CASE(only_a_gap_within_a_payload_is_survived) {
  flow f;
  f.server(from_hex("810a") + "abc");
  BOOST_CHECK(f.parser.gap(to_client, 5) == parse_status::resynchronised);
  f.server("ij" + from_hex("8101") + "x");
  BOOST_TEST(f.payload(tc) == "abcij");
  BOOST_TEST(f.payload(tc, 1) == "x");
  BOOST_CHECK(f.parser.gap(to_client, 5) == parse_status::malformed);
  BOOST_CHECK(f.server("more") == parse_status::malformed);
}

BOOST_AUTO_TEST_CASE(frames_nobody_looks_at_do_not_pile_up) {
  flow f;
  f.limits.transaction_limit = 3;
  for (int i = 0; i < 10; ++i)
    f.client(from_hex("8900"));
  BOOST_TEST(f.parser.transactions().size() == 3U);
  BOOST_TEST(f.parser.refused() == 7U);
}

BOOST_AUTO_TEST_CASE(however_the_bytes_are_cut_the_transactions_are_the_same) {
  const conversation talk{
      cresset::test::client(from_hex("818537fa213d7f9f4d5158") + from_hex("898000000000")),
      cresset::test::server(from_hex("c107f248cdc9c90700") + from_hex("010348656c80026c6f") +
                            from_hex("827e0080") + std::string(128, 'x') + from_hex("880203e8"))};
  const settings limits;
  const auto all = summaries_of_all_splits(
      [&] { return std::make_unique<websocket::parser>(limits); }, description, talk);
  for (const auto& one : all)
    BOOST_TEST(one == all.front());
}

BOOST_AUTO_TEST_SUITE_END()

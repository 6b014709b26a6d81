#include "detect/proto/dcerpc/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::dcerpc;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;
constexpr auto endpoint_mapper = "e1af8308-5d1f-11c9-91a4-08002b14a0fa";

std::string le16(std::size_t value) {
  return {static_cast<char>(value), static_cast<char>(value >> 8)};
}
std::string le32(std::size_t value) {
  return le16(value & 0xffffU) + le16(value >> 16);
}

std::string pdu(int type, int flags, std::uint32_t call, const std::string& body) {
  return std::string{5, 0} + static_cast<char>(type) + static_cast<char>(flags) +
         from_hex("10000000") + le16(16 + body.size()) + le16(0) + le32(call) + body;
}
const std::string mapper_bytes = from_hex("0883afe11f5dc91191a408002b14a0fa 0300 0000");
const std::string ndr = from_hex("045d888aeb1cc9119fe808002b104860 02000000");

std::string bind(int flags = 3, std::uint32_t call = 1, int type = 11) {
  return pdu(type, flags, call,
             from_hex("b810b810 00000000 02000000 0000 0100") + mapper_bytes + ndr +
                 from_hex("0100 0100") + mapper_bytes + ndr);
}
std::string bind_answer(std::uint32_t call = 1, int type = 12) {
  return pdu(type, 3, call,
             from_hex("b810b810 d62a0000 0400 31333500 0000 02000000 0200 0300") +
                 std::string(20, '\0') + from_hex("0000 0000") + ndr);
}
std::string request(std::uint32_t call, int operation, const std::string& stub_data, int flags = 3,
                    int context = 1) {
  return pdu(0, flags, call,
             le32(0) + le16(static_cast<std::size_t>(context)) +
                 le16(static_cast<std::size_t>(operation)) + stub_data);
}
std::string answer(std::uint32_t call, const std::string& stub_data, int flags = 3) {
  return pdu(2, flags, call, le32(0) + le32(1) + stub_data);
}

struct flow {
  explicit flow(std::size_t limit = 64) : parser{settings{.limit_live = limit}} {}
  dcerpc::parser parser;
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const exchange& tx(std::size_t i) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const exchange&>(*parser.transactions()[i]);
  }
  std::string stub(std::size_t i, direction way) {
    const auto id = way == to_server ? buffer_index::stub_ts : buffer_index::stub_tc;
    const auto bytes = tx(i).buffer(static_cast<buffer_id>(id), 0);
    return bytes ? std::string{as_text(*bytes)} : "(none)";
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(dcerpc_parser)

BOOST_AUTO_TEST_CASE(a_bind_shows_its_interfaces_with_the_answers) {
  flow f;
  f.client(bind());
  BOOST_TEST(!f.tx(0).is_done());
  f.server(bind_answer());
  BOOST_TEST(f.tx(0).is_done());
  BOOST_TEST(members_of(f.tx(0)) ==
             R"({"request":"BIND","interfaces":[{"uuid":"e1af8308-5d1f-11c9-91a4-08002b14a0fa",)"
             R"("version":"3.0","ack_result":2,"ack_reason":3},)"
             R"({"uuid":"e1af8308-5d1f-11c9-91a4-08002b14a0fa","version":"3.0","ack_result":0,)"
             R"("ack_reason":0}],"response":"BINDACK","call_id":1,"rpc_version":"5.0"})");
}

BOOST_AUTO_TEST_CASE(fragments_make_one_stub) {
  flow f;
  f.client(bind());
  f.server(bind_answer());
  f.client(request(2, 42, "abc", 1) + request(2, 42, "def", 0) + request(2, 42, "g", 2));
  BOOST_TEST(f.tx(1).is_done(to_server));
  f.server(answer(2, "he", 1) + answer(2, "llo", 2));
  BOOST_TEST(f.tx(1).is_done());
  BOOST_TEST(f.stub(1, to_server) == "abcdefg");
  BOOST_TEST(f.tx(1).field(static_cast<field_id>(field_index::operation_tc), 0).value() == 42U);
  BOOST_TEST(f.tx(1).instances(static_cast<buffer_id>(buffer_index::interface_tc)) == 1U);
  const auto json = members_of(f.tx(1));
  BOOST_TEST(json.find(R"("req":{"opnum":42,"frag_cnt":3,"stub_data_size":7})") !=
             std::string::npos);
  BOOST_TEST(json.find(R"("res":{"frag_cnt":2,"stub_data_size":21})") != std::string::npos);
  BOOST_TEST(json.find(endpoint_mapper) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refused_context_gives_no_interface) {
  flow f;
  f.client(bind() + request(2, 1, "", 3, 0));
  f.server(bind_answer());
  f.client(request(3, 1, "", 3, 0) + request(4, 1, "", 3, 7));
  const auto interfaces = [&](std::size_t i) {
    return f.tx(i).instances(static_cast<buffer_id>(buffer_index::interface_ts));
  };
  BOOST_TEST(interfaces(1) == 1U); // not answered yet
  BOOST_TEST(interfaces(2) == 0U);
  BOOST_TEST(interfaces(3) == 0U); // never offered
}

BOOST_AUTO_TEST_CASE(a_bind_without_first_fragment_is_marked) {
  flow f;
  f.client(bind(0) + request(2, 42, ""));
  const auto bytes = f.tx(1).buffer(static_cast<buffer_id>(buffer_index::interface_ts), 0);
  BOOST_REQUIRE(bytes && bytes->size() == 21U);
  BOOST_CHECK(bytes->back() == std::byte{0});
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_calls_however_they_are_cut) {
  const conversation talk{client(bind()),
                          server(bind_answer()),
                          client(request(2, 3, "stub", 1) + request(2, 3, "more", 2)),
                          server(answer(2, "reply")),
                          client(bind(3, 3, 14)),
                          server(bind_answer(3, 15))};
  const auto all = summaries_of_all_splits(
      [] { return std::make_unique<dcerpc::parser>(settings{}); }, description, talk);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(an_answer_behind_a_gap_says_that_its_call_was_lost) {
  flow f;
  f.parser.gap(to_server, 215);
  f.server(bind_answer(1, 15));
  BOOST_TEST(members_of(f.tx(0)) ==
             R"({"request":"REQUEST_LOST","response":"ALTER_CONTEXT_RESP","call_id":1,)"
             R"("rpc_version":"5.0"})");
  f.client("rubbish" + request(5, 9, "here"));
  BOOST_TEST(f.stub(1, to_server) == "here");
}

BOOST_AUTO_TEST_CASE(a_gap_inside_a_pdu_is_skipped_by_its_length) {
  flow f;
  const auto whole = request(2, 1, std::string(100, 'x'));
  f.client(whole.substr(0, 30));
  BOOST_CHECK(f.parser.gap(to_server, 60) == parse_status::resynchronised);
  f.client(whole.substr(90) + request(3, 1, "next"));
  BOOST_REQUIRE(f.parser.transactions().size() == 1U);
  BOOST_TEST(f.stub(0, to_server) == "next");
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_told_from_none) {
  flow f;
  f.client(request(1, 1, ""));
  f.parser.gap(to_client, 10);
  f.client(request(2, 1, ""));
  f.parser.end(to_client);
  BOOST_TEST(members_of(f.tx(0)).find("RESPONSE_LOST") != std::string::npos);
  BOOST_TEST(members_of(f.tx(1)).find("UNREPLIED") != std::string::npos);
  BOOST_TEST(f.tx(1).is_done());
  BOOST_TEST(!f.tx(1).concerns(to_client));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_pdu_stop_the_direction) {
  for (const auto* hex :
       {"04000003 10000000 2000 0000 01000000", "05000003 10000000 0f00 0000 01000000",
        "05020003 10000000 2000 0000 01000000", "0500ff03 10000000 2000 0000 01000000"}) {
    flow f;
    BOOST_CHECK(f.client(from_hex(hex)) == parse_status::malformed);
    BOOST_CHECK(f.client(bind()) == parse_status::malformed);
  }
}

BOOST_AUTO_TEST_CASE(pdus_cut_short_by_their_length_are_read_as_far_as_they_go) {
  flow f;
  f.client(pdu(11, 3, 1, "") + pdu(11, 3, 2, from_hex("b810b810 00000000 ff000000 0000 01")) +
           pdu(0, 3, 3, "ab"));
  f.server(pdu(12, 3, 1, "x") + pdu(12, 3, 2, from_hex("b810b810 d62a0000 ffff 31")));
  BOOST_TEST(f.parser.transactions().size() == 3U);
  BOOST_TEST(f.tx(0).is_done());
  BOOST_TEST(f.tx(2).instances(static_cast<buffer_id>(buffer_index::stub_ts)) == 0U);
}

BOOST_AUTO_TEST_CASE(big_endian_numbers_are_read_and_told) {
  flow f;
  f.client(from_hex("05000003 00000000 001a 0000 00000007 00000000 0001 0102 aabb"));
  BOOST_TEST(!f.tx(0).numbers_are_little_endian());
  BOOST_TEST(f.tx(0).what.operation() == 0x102U);
  BOOST_TEST(f.tx(0).what.id() == 7U);
}

BOOST_AUTO_TEST_CASE(the_oldest_call_gives_way_at_the_limit) {
  flow f{2};
  for (unsigned i = 0; i < 10; ++i)
    f.client(request(i, 1, ""));
  BOOST_TEST(f.parser.transactions().size() == 4U);
  BOOST_TEST(f.tx(0).is_done());
  BOOST_TEST(f.tx(0).events().size() == 1U);
}

BOOST_AUTO_TEST_CASE(stub_data_over_the_flows_budget_is_counted_only) {
  flow f;
  const std::string big(60'000, 's');
  for (unsigned call = 0; call < 8; ++call)
    for (unsigned i = 0; i < 15; ++i)
      f.client(request(call, 1, big, i == 0 ? 1 : i == 14 ? 2 : 0));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < f.parser.transactions().size(); ++i) {
    kept += f.tx(i).what.kept_bytes();
    BOOST_TEST(f.tx(i).what.side(to_server).total == 15U * big.size());
  }
  BOOST_TEST(kept <= stub_budget::limit_bytes);
  const auto freed = f.tx(0).what.kept_bytes();
  f.parser.release(0);
  f.client(request(99, 1, "again"));
  BOOST_TEST(freed != 0U);
  BOOST_TEST(f.stub(f.parser.transactions().size() - 1, to_server) == "again");
}

BOOST_AUTO_TEST_SUITE_END()

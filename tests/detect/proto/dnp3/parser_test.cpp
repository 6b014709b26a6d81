#include "detect/proto/dnp3/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::dnp3;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string with_checksum(std::string bytes) {
  const auto sum = checksum(as_bytes(bytes));
  bytes += static_cast<char>(sum & 0xffU);
  bytes += static_cast<char>(sum >> 8);
  return bytes;
}
/// A whole frame around a transport octet and what follows it.
std::string made_frame(const std::string& user, char control = '\xc4') {
  std::string all = with_checksum(std::string{"\x05\x64", 2} + static_cast<char>(5 + user.size()) +
                                  control + std::string{"\x0a\0\x01\0", 4});
  for (std::size_t i = 0; i < user.size(); i += 16)
    all += with_checksum(user.substr(i, 16));
  return all;
}
std::string segment(std::string_view hex) {
  return made_frame(from_hex(hex));
}

const std::string read_classes = segment("c0 c0 01 3c02 06 3c03 06 3c01 06");
/// Binary inputs 0 to 1 with flags; a counter 7 of 16 bits with an index of one byte.
const std::string answer = segment("c0 c0 81 9002 01 02 00 00 01 81 01  14 06 17 01 07 2a00");

struct flow {
  dnp3::parser parser{transport::tcp};
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const transaction& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return *parser.transactions()[i];
  }
  std::vector<std::uint64_t> numbers(field_index id, std::size_t i = 0) {
    std::vector<std::uint64_t> all;
    for (std::size_t n = 0; n < tx(i).field_instances(static_cast<field_id>(id)); ++n)
      all.push_back(*tx(i).field(static_cast<field_id>(id), n));
    return all;
  }
  bool has_event(std::string_view event, std::size_t i = 0) {
    for (const auto one : tx(i).events())
      if (one == event)
        return true;
    return false;
  }
};

bool says(const transaction& tx, std::string_view text) {
  return members_of(tx).find(text) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dnp3_parser)

BOOST_AUTO_TEST_CASE(a_request_is_a_transaction_of_its_own) {
  flow f;
  BOOST_TEST((f.client(read_classes) == parse_status::consumed));
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.tx().concerns(to_server));
  BOOST_TEST(!f.tx().concerns(to_client));
  BOOST_TEST((f.numbers(field_index::func_ts) == std::vector<std::uint64_t>{1}));
  BOOST_TEST((f.numbers(field_index::obj_ts) ==
              std::vector<std::uint64_t>{60 << 8 | 2, 60 << 8 | 3, 60 << 8 | 1}));
  BOOST_TEST(f.numbers(field_index::func_tc).empty());
  BOOST_TEST(says(f.tx(), R"("request":{"type":"request","control":{"dir":true,"pri":true)"));
  BOOST_TEST(says(f.tx(), R"("complete":true)"));
  const auto data = f.tx().buffer(static_cast<buffer_id>(buffer_index::data_ts), 0);
  BOOST_REQUIRE(data);
  BOOST_TEST(data->size() == 11U);
}

BOOST_AUTO_TEST_CASE(a_response_tells_indications_and_points) {
  flow f;
  f.server(answer);
  BOOST_TEST((f.numbers(field_index::ind) == std::vector<std::uint64_t>{0x9002}));
  BOOST_TEST((f.numbers(field_index::obj_tc) == std::vector<std::uint64_t>{0x102, 20 << 8 | 6}));
  BOOST_TEST(f.tx().events().empty());
  BOOST_TEST(says(f.tx(), R"("indicators":["object_unknown","device_restart","need_time"])"));
  BOOST_TEST(says(f.tx(), R"("prefix":0,"index":1,"online":1)"));
  BOOST_TEST(says(f.tx(), R"({"prefix":7,"index":7,"value":42})"));
}

BOOST_AUTO_TEST_CASE(segments_make_one_fragment) {
  flow f;
  f.client(segment("40 c0 02 0a01 00 00 0f"));
  BOOST_TEST(!f.tx().is_done());
  f.client(segment("02 11")); // out of order: passed over
  f.client(segment("81 ff00"));
  BOOST_TEST(f.parser.transactions().size() == 1U);
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST((f.numbers(field_index::obj_ts) == std::vector<std::uint64_t>{10 << 8 | 1}));
  BOOST_TEST(says(f.tx(), R"({"prefix":0,"index":8,"state":0})"));
}

BOOST_AUTO_TEST_CASE(wrong_checksums_and_lengths_are_events) {
  auto header = read_classes;
  header[8] = static_cast<char>(header[8] + 1);
  auto body = read_classes;
  body[12] = static_cast<char>(body[12] + 1);
  const std::pair<std::string, std::string_view> cases[] = {
      {header, "bad_link_crc"},
      {body, "bad_transport_crc"},
      {made_frame(""), "len_too_small"},
      {segment("c0 c0 81"), ""},
      {segment("c0 c0 02 f001 00 00 01 00"), "unknown_object"},
      {segment("c0 c0 02 0101 02 00000000 ffffffff"), "max_points_per_object"},
  };
  for (const auto& [bytes, event] : cases)
    BOOST_TEST_CONTEXT(event) {
      flow f;
      BOOST_TEST((f.client(bytes + read_classes) == parse_status::consumed));
      BOOST_TEST(f.parser.transactions().size() == 2U);
      if (!event.empty())
        BOOST_TEST(f.has_event(event));
    }
  flow f;
  BOOST_TEST((f.client(from_hex("0564 04c4 0a00 0100 0000")) == parse_status::malformed));
  BOOST_TEST(f.has_event("len_too_small"));
}

BOOST_AUTO_TEST_CASE(a_fragment_without_end_is_dropped) {
  flow f;
  f.client(made_frame("\x40" + std::string(249, 'A')));
  for (int i = 1; i < 66; ++i)
    f.client(made_frame(static_cast<char>(i & 0x3f) + std::string(249, 'B')));
  BOOST_TEST(f.parser.transactions().size() == 1U);
  BOOST_TEST(f.has_event("too_long_reassembly"));
}

BOOST_AUTO_TEST_CASE(requests_without_an_answer_are_a_flood) {
  flow f;
  for (std::size_t i = 0; i < dnp3::parser::unanswered_limit + 5; ++i)
    f.client(read_classes);
  for (std::size_t i = 0; i < f.parser.transactions().size(); ++i)
    BOOST_TEST(f.has_event("flooded", i) == (i == dnp3::parser::unanswered_limit));
}

BOOST_AUTO_TEST_CASE(frames_without_user_bytes_are_passed_over) {
  flow f;
  f.client(made_frame("", '\xc9') + read_classes);
  BOOST_TEST(f.parser.transactions().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_datagram_stands_alone) {
  dnp3::parser parser{transport::udp};
  feed(parser, to_server, read_classes.substr(0, 20));
  feed(parser, to_server, "nothing of it here");
  feed(parser, to_server, read_classes);
  BOOST_TEST(parser.transactions().size() == 1U);
}

BOOST_AUTO_TEST_CASE(any_split_of_the_bytes_says_the_same) {
  const conversation talk{cresset::test::client(read_classes + segment("40 c0 02 0a01 00 00 0f")),
                          cresset::test::server(answer), cresset::test::client(segment("81 ff00"))};
  const auto all = summaries_of_all_splits(
      [] { return std::make_unique<dnp3::parser>(transport::tcp); }, dnp3::description, talk);
  for (const auto& one : all)
    BOOST_TEST(one == all.front());
}

BOOST_AUTO_TEST_CASE(a_gap_ends_the_direction) {
  flow f;
  f.client(segment("40 c0 02 0a01 00 00 0f"));
  BOOST_TEST((f.parser.gap(to_server, 10) == parse_status::malformed));
  BOOST_TEST(f.tx().is_done());
}

BOOST_AUTO_TEST_SUITE_END()

#include "detect/proto/ber.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::ber;
using cresset::test::from_hex;

namespace {

std::vector<std::byte> bytes(std::string_view hex) {
  const auto text = from_hex(hex);
  const auto view = as_bytes(text);
  return {view.begin(), view.end()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(proto_ber)

BOOST_AUTO_TEST_CASE(elements_come_one_behind_the_other) {
  const auto data = bytes("02 01 05 04 02 6162 30 00 a1 81 01 ff");
  reader in{data};
  BOOST_TEST(in.take_number().value() == 5);
  BOOST_TEST(!in.take(integer)); // stays
  BOOST_TEST(as_text(in.take(octet_string).value()) == "ab");
  BOOST_TEST(in.take(sequence).value().empty());
  const auto last = in.next();
  BOOST_REQUIRE(last);
  BOOST_TEST(int{last->tag} == int{context_constructed(1)});
  BOOST_TEST(last->content.size() == 1U);
  BOOST_TEST(in.empty());
  BOOST_TEST(!in.next());
}

BOOST_AUTO_TEST_CASE(damaged_heads_are_no_elements) {
  for (const auto hex : {"", "02", "02 02 01", "30 80 0000", "30 85 0000000001 00", "1f 01 00",
                         "04 82 01", "04 84 ffffffff 00"}) {
    BOOST_TEST_CONTEXT(hex) {
      const auto data = bytes(hex);
      reader in{data};
      BOOST_TEST(!in.next());
      BOOST_TEST(in.rest().size() == data.size());
    }
  }
}

BOOST_AUTO_TEST_CASE(numbers_are_signed_and_bounded) {
  BOOST_TEST(number_of(bytes("ff")).value() == -1);
  BOOST_TEST(number_of(bytes("0080")).value() == 128);
  BOOST_TEST(number_of(bytes("80 00 00 00 00 00 00 00")).value() == INT64_MIN);
  BOOST_TEST(!number_of(bytes("")));
  BOOST_TEST(!number_of(bytes("00 00 00 00 00 00 00 00 01")));
}

BOOST_AUTO_TEST_CASE(object_identifiers_are_written_in_dots) {
  BOOST_TEST(dotted(bytes("2b 06 01 02 01")).value() == "1.3.6.1.2.1");
  BOOST_TEST(dotted(bytes("01")).value() == "0.1");
  BOOST_TEST(dotted(bytes("88 37")).value() == "2.999");
  BOOST_TEST(!dotted(bytes("")));
  BOOST_TEST(!dotted(bytes("2b 86")));
  BOOST_TEST(!dotted(bytes("2b ff ff ff ff ff ff ff ff ff ff 7f")));
}

BOOST_AUTO_TEST_CASE(a_size_is_known_from_the_head) {
  BOOST_TEST(size_of(bytes("30 82 0102")).size == 4U + 0x102U);
  BOOST_CHECK(size_of(bytes("30 82 01")).what == measured::kind::need_more);
  BOOST_CHECK(size_of(bytes("30")).what == measured::kind::need_more);
  BOOST_CHECK(size_of(bytes("30 80")).what == measured::kind::refused);
  BOOST_CHECK(size_of(bytes("3f")).what == measured::kind::refused);
}

BOOST_AUTO_TEST_CASE(a_stream_is_cut_into_messages_however_it_comes) {
  const auto data = bytes("30 03 010203 30 81 04 0a0b0c0d 30 00 30 05 0102030405");
  const auto cut = [&](std::size_t step) {
    std::vector<std::string> seen;
    message_cutter cutter{6};
    for (std::size_t i = 0; i < data.size(); i += step) {
      const std::vector<std::byte> exact(
          data.begin() + static_cast<std::ptrdiff_t>(i),
          data.begin() + static_cast<std::ptrdiff_t>(std::min(i + step, data.size())));
      cutter.feed(exact, size_of, [&](byte_view one, bool is_cut) {
        seen.push_back(std::string{as_text(one)} + (is_cut ? "+" : ""));
        return true;
      });
    }
    BOOST_TEST(!cutter.is_open());
    return seen;
  };
  const auto whole = cut(data.size());
  BOOST_REQUIRE(whole.size() == 4U);
  BOOST_TEST(whole[1].ends_with('+')); // seven bytes, six are kept
  for (std::size_t step = 1; step < data.size(); ++step)
    BOOST_REQUIRE(cut(step) == whole);
}

BOOST_AUTO_TEST_CASE(a_gap_is_passed_over_only_in_what_is_not_kept) {
  message_cutter cutter{4};
  const auto feed = [&](std::string_view hex) {
    return cutter.feed(bytes(hex), size_of, [](byte_view, bool) { return true; });
  };
  BOOST_CHECK(feed("30 10 0102") == parse_status::need_more); // 14 bytes to pass over
  BOOST_TEST(cutter.lose(10));
  BOOST_TEST(cutter.is_open());
  BOOST_TEST(!cutter.lose(10));
  BOOST_TEST(!cutter.is_open());
  BOOST_CHECK(feed("30 80") == parse_status::malformed);
}

BOOST_AUTO_TEST_SUITE_END()

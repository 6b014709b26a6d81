#include "detect/proto/inflate.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using cresset::test::from_hex;
using detect::proto::inflater;

namespace {

// "hello hello hello\n", packed three ways
const std::string raw = from_hex("cb48cdc9c957c840905c00");
const std::string zlib = from_hex("78da") + raw + from_hex("40b50687");

struct result {
  std::string text;
  inflater::outcome last{};
};
result unpack(inflater::format packed, const std::string& bytes, std::size_t step,
              std::uint64_t limit = 1000, std::uint64_t ratio = 100) {
  inflater one{packed, limit, ratio};
  result made;
  for (std::size_t at = 0; at < bytes.size(); at += step)
    made.last = one.bytes(as_bytes(std::string_view{bytes}.substr(at, step)),
                          [&](byte_view piece) { made.text += as_text(piece); });
  return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(proto_inflate)

BOOST_AUTO_TEST_CASE(deflate_is_read_with_and_without_a_head_however_it_is_cut) {
  for (const std::size_t step : {1U, 2U, 5U, 100U}) {
    BOOST_TEST(unpack(inflater::format::raw, raw, step).text == "hello hello hello\n");
    BOOST_TEST(unpack(inflater::format::deflate, raw, step).text == "hello hello hello\n");
    BOOST_TEST(unpack(inflater::format::deflate, zlib, step).text == "hello hello hello\n");
  }
  BOOST_CHECK(unpack(inflater::format::raw, raw, 3).last == inflater::outcome::ended);
}

BOOST_AUTO_TEST_CASE(damage_ends_it_and_says_so) {
  BOOST_CHECK(unpack(inflater::format::gzip, "no gzip at all", 4).last ==
              inflater::outcome::damaged);
  BOOST_TEST(unpack(inflater::format::gzip, "no gzip at all", 4).text == "");
}

BOOST_AUTO_TEST_CASE(what_grows_too_much_is_a_bomb) {
  const std::string zeros = from_hex( // 60,000 of them
      "edc13101000000c2a0f54f6d0d0fa000000000000000000000000000000000000000000000000000000000000000"
      "000000000000000000000000000000000000000000000000000000be0c");
  BOOST_CHECK(unpack(inflater::format::raw, zeros, 200, 100, 10).last == inflater::outcome::bomb);
  BOOST_TEST(unpack(inflater::format::raw, zeros, 200, 100'000, 10).text.size() == 60'000U);
}

BOOST_AUTO_TEST_SUITE_END()

#include "detect/proto/http/brotli.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto::http;
using cresset::test::from_hex;

BOOST_AUTO_TEST_SUITE(http_brotli)

BOOST_AUTO_TEST_CASE(text_comes_out_however_it_is_cut) {
  const auto packed = from_hex("0b058068656c6c6f20776f726c6403");
  for (std::size_t step = 1; step <= packed.size(); ++step) {
    brotli_reader reader{1000, 100};
    std::string text;
    auto last = brotli_reader::outcome::going_on;
    for (std::size_t i = 0; i < packed.size(); i += step)
      last = reader.bytes(as_bytes(std::string_view{packed}.substr(i, step)),
                          [&](byte_view b) { text += as_text(b); });
    BOOST_TEST(text == "hello world");
    BOOST_CHECK(last == brotli_reader::outcome::ended);
  }
}
BOOST_AUTO_TEST_CASE(damage_ends_it_for_good) {
  brotli_reader reader{1000, 100};
  const auto nothing = [](byte_view) {};
  BOOST_CHECK(reader.bytes(as_bytes("\xff\xff\xff\xff\xff\xff"), nothing) ==
              brotli_reader::outcome::damaged);
  BOOST_CHECK(reader.bytes(as_bytes("x"), nothing) == brotli_reader::outcome::damaged);
}
BOOST_AUTO_TEST_CASE(output_out_of_all_proportion_is_a_bomb) {
  // 16 MiB of one letter in a few bytes
  const auto packed = from_hex("5bffffff 60022042 8202");
  brotli_reader reader{10000, 100};
  std::size_t made = 0;
  const auto last = reader.bytes(as_bytes(packed), [&](byte_view b) { made += b.size(); });
  BOOST_TEST(made < 100000U);
  BOOST_CHECK(last != brotli_reader::outcome::ended);
}

BOOST_AUTO_TEST_SUITE_END()

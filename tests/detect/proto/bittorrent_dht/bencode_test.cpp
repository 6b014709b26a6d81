#include "detect/proto/bittorrent_dht/bencode.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace cresset::detect::proto::bittorrent_dht;

BOOST_AUTO_TEST_SUITE(bittorrent_bencode)

BOOST_AUTO_TEST_CASE(texts_and_numbers_are_read_one_after_the_other) {
  bencode_reader in{"3:abc0:i-7ei0e"};
  BOOST_TEST(*in.text() == "abc");
  BOOST_TEST(*in.text() == "");
  BOOST_TEST(*in.number() == -7);
  BOOST_CHECK(!in.text());
  BOOST_TEST(*in.number() == 0);
  BOOST_TEST(in.empty());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_leaves_the_place_alone) {
  for (const auto* text : {"4:abc", "3abc", ":a", "-1:a", "99999999999:a", "3", "x", ""}) {
    bencode_reader in{text};
    BOOST_CHECK(!in.text());
    BOOST_TEST(in.rest() == text);
  }
  for (const auto* text : {"i7", "ie", "i7x", "i99999999999999999999e", "7", "i"}) {
    bencode_reader in{text};
    BOOST_CHECK(!in.number());
    BOOST_CHECK(!in.value());
    BOOST_TEST(in.rest() == text);
  }
}

BOOST_AUTO_TEST_CASE(a_value_is_skipped_with_all_that_is_in_it) {
  bencode_reader in{"d1:ali1e2:xyeei2e"};
  BOOST_TEST(*in.value() == "d1:ali1e2:xyee");
  BOOST_TEST(*in.value() == "i2e");
  BOOST_CHECK(!in.value());
  bencode_reader open{"d1:al"};
  BOOST_CHECK(!open.value());
}

BOOST_AUTO_TEST_CASE(too_deep_a_value_is_not_skipped) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, 'l') + std::string(depth, 'e');
  };
  const auto fits = nested(bencode_reader::depth_limit);
  const auto too_deep = nested(bencode_reader::depth_limit + 1);
  BOOST_CHECK(bencode_reader{fits}.value());
  BOOST_CHECK(!bencode_reader{too_deep}.value());
}

BOOST_AUTO_TEST_SUITE_END()

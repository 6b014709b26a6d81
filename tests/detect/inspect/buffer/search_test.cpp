#include "detect/inspect/buffer/search.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using cresset::as_bytes;
using cresset::detect::inspect::buffer::needle;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(needle_search)

BOOST_AUTO_TEST_CASE(a_needle_is_found_within_its_range_only) {
  const needle n{"abc", false};
  const auto text = as_bytes("xabcxabc"sv);
  BOOST_TEST(*n.find(text, 0, 8) == 1U);
  BOOST_TEST(*n.find(text, 2, 8) == 5U);
  BOOST_TEST(!n.find(text, 2, 7).has_value());
  BOOST_TEST(!n.find(text, 6, 8).has_value());
  BOOST_TEST(!n.find(text, 9, 8).has_value());
}

BOOST_AUTO_TEST_CASE(nocase_folds_letters_and_nothing_else) {
  BOOST_TEST(needle("GeT", true).find(as_bytes("xxgEtxx"sv), 0, 7).has_value());
  BOOST_TEST(!needle("@", true).find(as_bytes("`"sv), 0, 1).has_value());
  BOOST_TEST(!needle("[", true).find(as_bytes("{"sv), 0, 1).has_value());
  BOOST_TEST(!needle("a", false).find(as_bytes("A"sv), 0, 1).has_value());
}

BOOST_AUTO_TEST_CASE(stands_at_asks_for_one_place) {
  const needle n{"\x00\xff"sv, false};
  BOOST_TEST(n.stands_at(as_bytes("a\x00\xff"sv), 1));
  BOOST_TEST(!n.stands_at(as_bytes("a\x00\xff"sv), 0));
  BOOST_TEST(!n.stands_at(as_bytes("a\x00\xff"sv), 2));
  BOOST_TEST(!n.stands_at(as_bytes("a"sv), 99));
}

BOOST_AUTO_TEST_CASE(folded_search_agrees_with_the_plain_loop) {
  std::mt19937 random{7};
  const auto letter = [&] { return "abAB\r/"[random() % 6]; };
  for (int round = 0; round < 3000; ++round) {
    std::string text, pattern;
    for (auto n = random() % 40; n > 0; --n)
      text += letter();
    for (auto n = 1 + random() % 3; n > 0; --n)
      pattern += letter();
    const auto from = random() % 5;
    const auto fold = [](std::string s) {
      for (auto& c : s)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      return s;
    };
    const auto expected = fold(text).find(fold(pattern), from);
    const auto found = needle{pattern, true}.find(as_bytes(text), from, text.size());
    BOOST_REQUIRE((found ? *found : std::string::npos) == expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()

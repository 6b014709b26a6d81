#include "detect/inspect/place_index.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using cresset::as_bytes;
using namespace cresset::detect::inspect;

namespace {
probe at(std::uint8_t place, std::string_view bytes) {
  probe p;
  p.head_at = place;
  p.head_behind = static_cast<std::uint16_t>(place + bytes.size());
  std::memcpy(&p.head, bytes.data(), bytes.size());
  std::memset(&p.head_mask, 0xff, bytes.size());
  return p;
}

using rules = std::set<std::uint32_t>;
rules found(const place_index& index, std::string_view text) {
  rules all;
  index.find(as_bytes(text), [&](std::uint32_t rule) { all.insert(rule); });
  return all;
}
} // namespace

BOOST_AUTO_TEST_SUITE(place_index_look_ups)

BOOST_AUTO_TEST_CASE(bytes_are_found_in_their_place_alone) {
  place_index index;
  index.add(at(0, "USER"), 1);
  index.add(at(4, "\xffSMB"), 2);
  index.add(at(0, "US"), 3);
  index.add(at(0, "USERNAME"), 4); // found by its first four bytes; its probe tells the rest
  index.build();
  BOOST_TEST((found(index, "USER x") == rules{1, 3, 4}));
  BOOST_TEST((found(index, "xUSER x").empty()));
  BOOST_TEST((found(index, "....\xffSMB") == rules{2}));
  BOOST_TEST((found(index, "US") == rules{3}));
  BOOST_TEST((found(index, "user").empty()));
}

BOOST_AUTO_TEST_CASE(short_bytes_reach_no_slot) {
  place_index index;
  index.add(at(2, "ab"), 1);
  index.build();
  BOOST_TEST(found(index, "").empty());
  BOOST_TEST(found(index, "..a").empty());
  BOOST_TEST((found(index, "..ab") == rules{1}));
}

BOOST_AUTO_TEST_CASE(an_empty_index_finds_nothing) {
  place_index index;
  index.build();
  BOOST_TEST(found(index, "anything").empty());
}

BOOST_AUTO_TEST_CASE(one_byte_is_too_little) {
  BOOST_TEST(!place_index::takes(at(0, "a")));
  BOOST_TEST(!place_index::takes(probe{}));
  BOOST_TEST(place_index::takes(at(9, "ab")));
}

BOOST_AUTO_TEST_CASE(many_keys_are_told_apart) {
  place_index index;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    const std::array<char, 4> bytes{'k', static_cast<char>(i), static_cast<char>(i >> 8), 'z'};
    index.add(at(static_cast<std::uint8_t>(i % 3), {bytes.data(), 4}), i);
  }
  index.build();
  for (std::uint32_t i = 0; i < 5000; i += 7) {
    const std::string text =
        std::string(i % 3, '.') + 'k' + static_cast<char>(i) + static_cast<char>(i >> 8) + 'z';
    BOOST_TEST((found(index, text) == rules{i}));
  }
}

BOOST_AUTO_TEST_SUITE_END()

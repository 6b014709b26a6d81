#include "detect/rule/text/comparison.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::text;

namespace {

constexpr named_number names[] = {{"client", 3}, {"client_long", 4}, {"1.2", 0x0303}};

parsed<comparison> read(std::string_view text, std::uint64_t most = 255) {
  return parse_comparison(text_cursor{text}, {most, names});
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_comparison)

BOOST_AUTO_TEST_CASE(holds_what_its_text_says) {
  struct expectation {
    std::string_view text;
    std::uint64_t inside;
    std::uint64_t outside;
  };
  for (const auto& [text, inside, outside] :
       std::initializer_list<expectation>{{"19", 19, 20},
                                          {"=0x13", 19, 20},
                                          {"!0x14", 19, 20},
                                          {"!=20", 19, 20},
                                          {">21", 22, 21},
                                          {">=21", 21, 20},
                                          {"<22", 21, 22},
                                          {"<=22", 22, 23},
                                          {"19-22", 20, 19},
                                          {"19-22", 21, 22},
                                          {"19<>22", 21, 22},
                                          {"!19-22", 19, 20},
                                          {"!19-22", 22, 21},
                                          {"&0xc0=0x80", 0x81, 0xc1},
                                          {"&0xc0!=0", 0x40, 0x3f},
                                          {"client", 3, 4},
                                          {"!client", 4, 3},
                                          {"CLIENT_LONG", 4, 3},
                                          {" < 5 ", 4, 5}}) {
    BOOST_TEST_CONTEXT(text) {
      const auto made = read(text);
      BOOST_REQUIRE(made.has_value());
      BOOST_CHECK((*made)(inside));
      BOOST_CHECK(!(*made)(outside));
    }
  }
}

BOOST_AUTO_TEST_CASE(takes_names_that_look_like_fractions) {
  const auto made = read("1.2", 0xffff);
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK((*made)(0x0303));
  BOOST_CHECK(made->is_exact());
}

BOOST_AUTO_TEST_CASE(takes_units_of_size) {
  const auto made = read(">100MB", UINT64_MAX);
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK(!(*made)(100U << 20));
  BOOST_CHECK((*made)((100U << 20) + 1));
  BOOST_CHECK((read("1kb").error().why == errc::out_of_range));
}

BOOST_AUTO_TEST_CASE(is_refused_when_nothing_can_satisfy_it) {
  for (const auto* text : {"<0", ">255", "19-20", "20-19", "5<>5", "&0xc0=2"}) {
    BOOST_TEST_CONTEXT(text) {
      const auto made = read(text);
      BOOST_REQUIRE(!made.has_value());
      BOOST_CHECK((made.error().why == errc::empty_range));
    }
  }
}

BOOST_AUTO_TEST_CASE(is_refused_when_it_is_no_comparison) {
  for (const auto* text : {"", "x", "5 6", "256", "5-", "-5", "&5", "&=5", "<>5", "!", "clientx"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_CHECK(!read(text).has_value());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

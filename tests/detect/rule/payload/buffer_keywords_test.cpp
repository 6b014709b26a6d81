#include "detect/rule/payload/buffer_keywords.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace cresset::detect::rule::payload;

BOOST_AUTO_TEST_SUITE(the_table_of_buffers)

BOOST_AUTO_TEST_CASE(holds_each_keyword_once_in_lower_case) {
  const auto table = buffer_keywords();
  for (std::size_t i = 1; i < table.size(); ++i)
    BOOST_CHECK(table[i - 1].keyword < table[i].keyword);
  for (const auto& entry : table)
    BOOST_CHECK(std::none_of(entry.keyword.begin(), entry.keyword.end(),
                             [](char c) { return c >= 'A' && c <= 'Z'; }));
}

BOOST_AUTO_TEST_CASE(gives_every_alias_the_properties_of_its_buffer) {
  for (const auto& entry : buffer_keywords()) {
    if (entry.name.empty())
      continue;
    BOOST_TEST_CONTEXT(entry.keyword) {
      const auto* canonical = find_buffer_keyword(entry.name);
      BOOST_REQUIRE(canonical != nullptr);
      BOOST_CHECK(canonical->name == canonical->keyword);
      BOOST_CHECK((canonical->source == entry.source));
      BOOST_CHECK(canonical->several == entry.several);
      BOOST_CHECK(canonical->both_ways == entry.both_ways);
      BOOST_CHECK(!canonical->modifier);
    }
  }
}

BOOST_AUTO_TEST_CASE(knows_old_names) {
  BOOST_CHECK(find_buffer_keyword("http_raw_uri")->name == "http.uri.raw");
  BOOST_CHECK(find_buffer_keyword("http_raw_uri")->modifier);
  BOOST_CHECK(find_buffer_keyword("ssh-hassh")->name == "ssh.hassh");
  BOOST_CHECK(find_buffer_keyword("pkt_data")->name == "");
  BOOST_CHECK(find_buffer_keyword("dns_query")->several);
  BOOST_CHECK((find_buffer_keyword("http.frob") == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

#include "detect/rule/options/effects.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::options;
using cresset::detect::rule::text::text_cursor;

BOOST_AUTO_TEST_SUITE(what_happens_after_a_match)

BOOST_AUTO_TEST_CASE(tags_packets_of_a_session_or_a_host) {
  const auto made = parse_tag(text_cursor{"session,300,seconds"});
  BOOST_CHECK(made && made->of == tag::scope::session && made->count == 300 &&
              made->counted == tag::unit::seconds);
  BOOST_CHECK(parse_tag(text_cursor{"session"})->count == 256);
  BOOST_CHECK(parse_tag(text_cursor{"host,100,packets,src"})->of == tag::scope::source_host);
  for (const auto* text :
       {"", "frob", "host,100", "host,100,frob", "session,1,packets,src", "host,x,packets"})
    BOOST_CHECK_MESSAGE(!parse_tag(text_cursor{text}), text);
}

BOOST_AUTO_TEST_CASE(stores_files_and_changes_configuration) {
  BOOST_CHECK(parse_filestore(text_cursor{""})->of == filestore::side::rule);
  BOOST_CHECK(parse_filestore(text_cursor{"response,tx"})->what == filestore::scope::transaction);
  BOOST_CHECK(!parse_filestore(text_cursor{"frob"}));
  const auto made = parse_config(text_cursor{"logging disable, type tx, scope tx"});
  BOOST_CHECK(made && made->what == config::subject::logging && !made->enable &&
              made->of == config::type::transaction);
  BOOST_CHECK(parse_config(text_cursor{"tracking disable, type flow, scope packet"})->in ==
              config::scope::packet);
  for (const auto* text :
       {"", "logging", "logging frob, type tx, scope tx", "logging disable, type tx"})
    BOOST_CHECK_MESSAGE(!parse_config(text_cursor{text}), text);
}

BOOST_AUTO_TEST_CASE(marks_packets) {
  const auto made = parse_packet_mark(text_cursor{"0x8/0xf"});
  BOOST_CHECK(made && made->value == 8 && made->mask == 15);
  BOOST_CHECK(parse_packet_mark(text_cursor{"8"})->mask == UINT32_MAX);
  BOOST_CHECK(!parse_packet_mark(text_cursor{"x"}));
}

BOOST_AUTO_TEST_SUITE_END()

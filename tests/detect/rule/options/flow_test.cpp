#include "detect/rule/options/flow.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::options;
using cresset::detect::rule::text::text_cursor;

BOOST_AUTO_TEST_SUITE(a_flow_option)

BOOST_AUTO_TEST_CASE(combines_words_that_go_together) {
  const auto made = parse_flow(text_cursor{"from_client, Established,only_stream,no_frag"});
  BOOST_REQUIRE(made);
  BOOST_CHECK(made->direction == way::to_server);
  BOOST_CHECK(made->is == flow::state::established);
  BOOST_CHECK(made->seen_as == flow::stream::only_stream);
  BOOST_CHECK(made->from == flow::fragment::no_frag);
}

BOOST_AUTO_TEST_CASE(is_refused_when_its_words_exclude_each_other) {
  for (const auto* text :
       {"to_server,to_client", "established,stateless", "only_stream,no_stream", "frob", ""})
    BOOST_CHECK_MESSAGE(!parse_flow(text_cursor{text}), text);
  BOOST_CHECK(parse_flow(text_cursor{"to_server,from_client"}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

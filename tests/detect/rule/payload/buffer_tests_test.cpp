#include "detect/rule/payload/buffer_tests.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::payload;
using cresset::detect::rule::text::text_cursor;

BOOST_AUTO_TEST_SUITE(tests_of_whole_buffers)

BOOST_AUTO_TEST_CASE(entropy_holds_what_its_text_says) {
  struct expectation {
    std::string_view text;
    double inside;
    double outside;
  };
  for (const auto& [text, inside, outside] :
       std::initializer_list<expectation>{{"value > 4", 4.1, 4},
                                          {"value >= 4", 4, 3.9},
                                          {"value 4-5", 4.5, 5},
                                          {"value !4-5", 5, 4.5},
                                          {"value < 4", 3.9, 4},
                                          {"value != 4", 4.1, 4},
                                          {"value = 4", 4, 4.1},
                                          {"7.01", 7.01, 7},
                                          {"<7.01", 7, 7.01},
                                          {"offset 10, value > 4.14", 4.2, 4.14}}) {
    BOOST_TEST_CONTEXT(text) {
      const auto made = parse_entropy(text_cursor{text});
      BOOST_REQUIRE(made.has_value());
      BOOST_CHECK((*made)(inside));
      BOOST_CHECK(!(*made)(outside));
    }
  }
  BOOST_CHECK(parse_entropy(text_cursor{"bytes 8, offset 10, value > 4.14"})->offset == 10);
  for (const auto* text :
       {"", "value", "value 9", "value 5-4", "bytes x, value 1", "offset 1", "value 1 2"})
    BOOST_CHECK(!parse_entropy(text_cursor{text}).has_value());
}

BOOST_AUTO_TEST_CASE(dataset_reads_where_and_what) {
  const auto made = parse_dataset(
      text_cursor{"isset,ua-seen,type string,load datasets.csv, memcap 10mb, hashsize 1024"});
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK((made->what == dataset::action::isset));
  BOOST_CHECK(made->name == "ua-seen");
  BOOST_CHECK((made->type == dataset_type::string));
  BOOST_CHECK(made->load == "datasets.csv");
  BOOST_CHECK(made->memcap_bytes == 10U << 20);
  BOOST_CHECK(made->hashsize == 1024U);
  const auto json = parse_dataset(text_cursor{
      "isset,bad,type ip,load b.json,format json,context_key bad_ones,value_key ip,remove_key"});
  BOOST_REQUIRE(json.has_value());
  BOOST_CHECK((json->written_as == dataset::format::json));
  BOOST_CHECK(json->value_key == "ip");
  BOOST_CHECK(json->remove_key);
}

BOOST_AUTO_TEST_CASE(dataset_never_writes_outside_its_folder) {
  BOOST_CHECK(!parse_dataset(text_cursor{"set,a,type string,save ../x"}).has_value());
  BOOST_CHECK(!parse_dataset(text_cursor{"set,a,type string,state /etc/x"}).has_value());
  BOOST_CHECK(parse_dataset(text_cursor{"set,a,type string,state x.csv"}).has_value());
  for (const auto* text :
       {"", "isset", "frob,a", "isset,a,type x", "isset,a,memcap y", "isset,a,frob 1"})
    BOOST_CHECK(!parse_dataset(text_cursor{text}).has_value());
}

BOOST_AUTO_TEST_CASE(datarep_and_absent_read_theirs) {
  const auto made =
      parse_datarep(text_cursor{"dns_md5, >, 200, load dns_md5.rep, type md5, memcap 100mb"});
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK((made->how == datarep::test::greater));
  BOOST_CHECK(made->value == 200U);
  for (const auto* text : {"a,>", "a,~,1", "a,>,x", "a,>,70000", "a,>,1,frob 1"})
    BOOST_CHECK(!parse_datarep(text_cursor{text}).has_value());
  BOOST_CHECK(!parse_absent(text_cursor{""})->or_else);
  BOOST_CHECK(parse_absent(text_cursor{" or_else"})->or_else);
  BOOST_CHECK(!parse_absent(text_cursor{"x"}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

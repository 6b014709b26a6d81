#include "detect/proto/http/header_value.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::proto::http;

BOOST_AUTO_TEST_SUITE(http_header_value)

BOOST_AUTO_TEST_CASE(parameters_are_found_by_name_without_their_quotes) {
  BOOST_TEST(parameter_of("attachment; filename=\"a;b.txt\"", "filename").value() == "a;b.txt");
  BOOST_TEST(parameter_of("multipart/form-data; charset=x; BOUNDARY = yy ", "boundary").value() ==
             "yy");
  BOOST_TEST(parameter_of("x; filename=\"open", "filename").value() == "open");
}
BOOST_AUTO_TEST_CASE(what_is_no_parameter_is_not_found) {
  BOOST_TEST(!parameter_of("filename=x", "filename").has_value());
  BOOST_TEST(!parameter_of("x; filename", "filename").has_value());
  BOOST_TEST(!parameter_of("", "filename").has_value());
  BOOST_TEST(!parameter_of("x; myfilename=a", "filename").has_value());
}
BOOST_AUTO_TEST_CASE(ranges_are_read) {
  const auto range = parse_content_range("bytes 500-1000/146515").value();
  BOOST_TEST(range.start == 500);
  BOOST_TEST(range.end == 1000);
  BOOST_TEST(range.size == 146515);
  BOOST_TEST(parse_content_range("bytes */10").value().start == -1);
  BOOST_TEST(parse_content_range("bytes 1-2/*").value().size == -1);
}
BOOST_AUTO_TEST_CASE(text_that_is_no_range_is_refused) {
  for (const auto* text : {"", "bytes", "items 1-2/3", "bytes 1/3", "bytes a-b/3", "bytes 1-2",
                           "bytes -1-2/3", "bytes 99999999999999999999-2/3"})
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(!parse_content_range(text).has_value());
    }
}
BOOST_AUTO_TEST_CASE(media_types_compare_without_parameters_and_case) {
  BOOST_TEST(media_type_is("Multipart/Form-Data; boundary=x", "multipart/form-data"));
  BOOST_TEST(!media_type_is("multipart/form", "multipart/form-data"));
}

BOOST_AUTO_TEST_SUITE_END()

#include "detect/proto/http/multipart.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto::http;

namespace {

struct listener final : multipart_reader::listener {
  std::string seen;
  void file_begins(std::string_view name) override { seen += "[" + std::string{name} + "]"; }
  void file_bytes(byte_view bytes) override { seen += as_text(bytes); }
  void file_ends(bool is_whole) override { seen += is_whole ? "|" : "~"; }
  void damaged(std::string_view event) override { seen += "!" + std::string{event}; }
};

std::string read(std::string_view body, std::size_t step = 100000) {
  listener hears;
  multipart_reader reader{"b", hears};
  for (std::size_t i = 0; i < body.size(); i += step)
    reader.bytes(as_bytes(body.substr(i, step)));
  reader.end();
  return hears.seen;
}
std::string part(std::string_view name, std::string_view content) {
  return "--b\r\nContent-Disposition: form-data; filename=\"" + std::string{name} + "\"\r\n\r\n" +
         std::string{content} + "\r\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_multipart)

BOOST_AUTO_TEST_CASE(each_part_with_a_file_name_is_told) {
  BOOST_TEST(read(part("a", "one") +
                  "--b\r\nContent-Disposition: form-data; name=x\r\n\r\nno file\r\n" +
                  part("c", "two") + "--b--\r\n") == "[a]one|[c]two|");
}
BOOST_AUTO_TEST_CASE(cuts_anywhere_change_nothing) {
  const auto body = "preamble\r\n" + part("a", "-\r\n--\r\n--a") + part("", "") + part("c", "x") +
                    "--b--\r\nepilogue";
  const auto whole = read(body);
  for (std::size_t step = 1; step < body.size(); ++step)
    BOOST_TEST(read(body, step) == whole);
}
BOOST_AUTO_TEST_CASE(an_empty_file_is_noted) {
  BOOST_TEST(read("--b\r\nContent-Disposition: form-data; filename=e\r\n\r\n--b--") ==
             "[e]!multipart_no_filedata|");
  BOOST_TEST(read(part("e", "") + "--b--") == "[e]|");
}
BOOST_AUTO_TEST_CASE(a_file_that_never_ends_is_unfinished) {
  BOOST_TEST(read("--b\r\nContent-Disposition: x; filename=f\r\n\r\nabc") == "[f]abc~");
}
BOOST_AUTO_TEST_CASE(a_part_without_a_disposition_is_no_file) {
  BOOST_TEST(read("--b\r\nX: y\r\n\r\nabc\r\n--b--").empty());
}
BOOST_AUTO_TEST_CASE(a_head_without_end_is_given_up) {
  BOOST_TEST(read("--b\r\n" + std::string(2 * multipart_reader::head_limit, 'h')) ==
             "!multipart_invalid_header");
  BOOST_TEST(read("--b" + std::string(2 * multipart_reader::head_limit, 'h')) ==
             "!multipart_generic_error");
}
BOOST_AUTO_TEST_CASE(nothing_is_told_of_a_body_without_delimiters) {
  BOOST_TEST(read(std::string(50000, 'x')).empty());
}

BOOST_AUTO_TEST_SUITE_END()

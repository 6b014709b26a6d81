#include "capture/base/log.hpp"

#include "capture/base/log_format.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <string>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(log_lines)

namespace {

/// What one call writes to standard error.
std::string line_of(std::string_view text) {
  std::FILE* file = std::tmpfile();
  BOOST_REQUIRE(file);
  std::fflush(stderr);
  const int saved = dup(2);
  dup2(fileno(file), 2);
  cresset::log(cresset::log_level::warning, "ingest", "from {}", text);
  dup2(saved, 2);
  close(saved);
  std::rewind(file);
  std::string read(500, '\0');
  read.resize(std::fread(read.data(), 1, read.size(), file));
  std::fclose(file);
  return read;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_line_break_from_outside_forges_no_line) {
  BOOST_TEST(line_of("x\nerror forged: y").find(" warning ingest: from x\\x0aerror forged: y\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_object_a_line_when_programs_read_it) {
  cresset::set_log_format(cresset::log_format::json);
  const auto line = line_of("x\n\"forged\":");
  cresset::set_log_format(cresset::log_format::text);
  BOOST_TEST(line.starts_with("{\"at\":\"2"));
  BOOST_TEST(line.ends_with("\"level\":\"warning\",\"room\":\"ingest\","
                            "\"text\":\"from x\\n\\\"forged\\\":\"}\n"));
}

BOOST_AUTO_TEST_SUITE_END()

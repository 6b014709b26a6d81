#include "capture/base/log.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <string>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(log_lines)

BOOST_AUTO_TEST_CASE(a_line_break_from_outside_forges_no_line) {
  std::FILE* file = std::tmpfile();
  BOOST_REQUIRE(file);
  std::fflush(stderr);
  const int saved = dup(2);
  dup2(fileno(file), 2);
  cresset::log(cresset::log_level::warning, "ingest", "from {}", "x\nerror forged: y");
  dup2(saved, 2);
  close(saved);
  std::rewind(file);
  std::string text(500, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  BOOST_TEST(text.find(" warning ingest: from x\\x0aerror forged: y\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

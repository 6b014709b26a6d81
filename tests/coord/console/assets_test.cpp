#include "coord/console/assets.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace cresset::coord;

namespace {

http::response get(std::string_view target) {
  http::router router;
  console::install(router);
  http::request r;
  r.method = http::method::get;
  BOOST_REQUIRE(http::read_target(target, r));
  return router.handle(r);
}

/// What stands in quotes behind `name=` in the page, each time.
std::vector<std::string> values_of(const std::string& page, const std::string& name) {
  std::vector<std::string> found;
  const std::string start = name + "=\"";
  for (auto at = page.find(start); at != std::string::npos; at = page.find(start, at + 1)) {
    const auto begin = at + start.size();
    found.push_back(page.substr(begin, page.find('"', begin) - begin));
  }
  return found;
}

std::vector<std::string> files_named_in(const std::string& page) {
  auto files = values_of(page, "src");
  for (auto& href : values_of(page, "href"))
    files.push_back(std::move(href));
  return files;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_console_assets)

BOOST_AUTO_TEST_CASE(the_page_is_at_the_root_and_asked_for_anew) {
  const auto page = get("/");
  BOOST_TEST(page.status == 200U);
  BOOST_TEST(page.content_type == "text/html; charset=utf-8");
  BOOST_TEST(page.headers.at(0).value == "no-cache");
}

BOOST_AUTO_TEST_CASE(everything_the_page_names_is_served_and_kept) {
  const auto files = files_named_in(get("/").body);
  BOOST_TEST(files.size() >= 3U); // script, style, icon
  for (const auto& name : files) {
    const auto file = get(name);
    BOOST_TEST(file.status == 200U, name);
    BOOST_TEST(!file.body.empty());
    BOOST_TEST(file.headers.at(0).value.ends_with("immutable"));
  }
}

BOOST_AUTO_TEST_CASE(nothing_in_the_page_needs_more_than_its_own_server) {
  const auto page = get("/").body;
  for (auto at = page.find("<script"); at != std::string::npos; at = page.find("<script", at + 1)) {
    const auto tag = page.substr(at, page.find('>', at) - at);
    BOOST_TEST(tag.find(" src=") != std::string::npos, tag); // no script in the page itself
  }
  BOOST_TEST(page.find("<style") == std::string::npos);
  BOOST_TEST(page.find(" style=") == std::string::npos);
  for (const auto& name : files_named_in(page))
    BOOST_TEST(name.starts_with("/assets/"), name);
}

BOOST_AUTO_TEST_CASE(files_are_ordered_and_each_has_a_type) {
  const auto all = console::assets();
  BOOST_TEST(std::ranges::is_sorted(all, {}, &console::asset::path));
  for (const auto& file : all)
    BOOST_TEST(!file.content_type.empty(), file.path);
}

BOOST_AUTO_TEST_SUITE_END()

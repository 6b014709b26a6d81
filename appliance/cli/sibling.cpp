#include "appliance/cli/sibling.hpp"

#include "coord/backup/child.hpp"

#include <filesystem>

namespace cresset::appliance::cli {
namespace {

coord::backup::child_command command_of(const std::string& program,
                                        const std::vector<std::string>& words) {
  std::error_code error;
  const auto here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  coord::backup::child_command command;
  command.words.push_back((here / program).string());
  command.words.insert(command.words.end(), words.begin(), words.end());
  return command;
}

} // namespace

expected<void, std::string> read_sibling(const std::string& program,
                                         const std::vector<std::string>& words,
                                         const std::function<void(std::string_view)>& sink) {
  const auto done = coord::backup::read_from(command_of(program, words),
                                             [&](byte_view piece) -> coord::backup::outcome<void> {
                                               sink(as_text(piece));
                                               return {};
                                             });
  if (!done)
    return unexpected{done.error().text};
  return {};
}

said ask_sibling(const std::string& program, const std::vector<std::string>& words) {
  said all;
  const auto done =
      read_sibling(program, words, [&](std::string_view piece) { all.output += piece; });
  all.succeeded = done.has_value();
  if (!done)
    all.errors = done.error();
  return all;
}

} // namespace cresset::appliance::cli

#pragma once

#include "coord/notify/answer_token.hpp"
#include "coord/notify/letters.hpp"

#include <filesystem>
#include <map>

namespace cresset::coord::server {

/// The letters of all languages: of `folder` (LANGUAGE/instant.txt, digest.txt, digest_item.txt,
/// page.html, words.txt), or those that were compiled in. Throws std::runtime_error with one line.
notify::letters read_letters(const std::filesystem::path& folder,
                             const std::string& default_language);
/// The secret of answer links: `answer.key` in the state folder, made at the first start, readable
/// by its owner alone. Throws likewise.
notify::answer_key own_answer_key(const std::filesystem::path& state);

/// The files of appliance/config/notification at build time, by language.
std::map<std::string, notify::language_files> embedded_letters();

} // namespace cresset::coord::server

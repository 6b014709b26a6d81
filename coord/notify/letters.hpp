#pragma once

#include "coord/notify/notification.hpp"
#include "coord/notify/template_text.hpp"

#include <map>
#include <string>

namespace cresset::coord::notify {

/// The files of one language, as an operator may edit them.
struct language_files {
  std::string instant;     ///< "Subject: …", then the text
  std::string digest;      ///< likewise, with {{matters}}
  std::string digest_item; ///< one matter of a digest
  std::string page;        ///< HTML
  std::string words;       ///< "code = words"
};

/// A subject and a text, ready to be sent.
struct letter {
  std::string subject;
  std::string text;
};

/// What a letter about a matter needs besides the matter.
struct letter_context {
  std::string greeting_name; ///< empty: the words for nobody
  std::string answer_link;
  timestamp answer_until;
  std::string note;
};

/// The messages of all languages; immutable once made. Any thread.
class letters {
public:
  /// The error is one line: language, file, line, remedy.
  static expected<letters, std::string> from(const std::map<std::string, language_files>& files,
                                             const std::string& default_language);

  /// `language` when there are files for it, else the default.
  const std::string& language_for(const std::string& language) const noexcept;

  letter instant(const std::string& language, const matter& what, const letter_context& with) const;
  /// The part of a digest that tells of this matter.
  std::string digest_item(const std::string& language, const matter& what,
                          const letter_context& with) const;
  struct digest_context {
    std::string greeting_name;
    std::string owner;
    incident::tlp label = incident::tlp::amber;
    timestamp answer_until;
    std::size_t count = 0;
    std::string items;
  };
  letter digest(const std::string& language, const digest_context& with) const;
  /// The page of an answer link; `thanks` is the answer that was just given.
  std::string page(const std::string& language, const notification& what, const matter& about,
                   const std::string& path, std::optional<answer_kind> thanks) const;

private:
  struct wording {
    template_text instant_subject, instant, digest_subject, digest, digest_item, page;
    std::map<std::string, std::string, std::less<>> words;
    std::string word(std::string_view group, std::string_view code) const;
  };
  static expected<wording, std::string> read(const language_files& files);
  static values values_of(const wording& in, const matter& what, const letter_context& with);

  std::map<std::string, wording, std::less<>> languages_;
  std::string default_;
};

/// The matter for programs: what the link's report gives.
std::string report_json(const matter& what, notification_id id);
std::string report_csv(const matter& what);

/// The address or prefix of a group's attacker, or the word for many.
std::string attacker_text(const incident::group_key& key, std::string_view many);
/// "TLP:AMBER+STRICT".
std::string tlp_label(incident::tlp label);
/// "2026-11-22 05:30 UTC".
std::string minute_text(timestamp at);
/// Lines of a person's text, each escaped, as a block of a template.
std::string block_of(std::string_view text);

} // namespace cresset::coord::notify

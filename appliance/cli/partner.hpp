#pragma once

#include "capture/base/expected.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cresset::appliance::cli {

/// What a subcommand prints, or one line why it did nothing.
using partner_outcome = expected<std::string, std::string>;

/// `cresset partner new`: makes our keys and our first key record in `folder`.
partner_outcome new_identity(const std::filesystem::path& folder, const std::string& name,
                             std::vector<std::string> endpoints);
/// `cresset partner renew`: makes the next key record of the keys that are in the folder now.
partner_outcome renew_identity(const std::filesystem::path& folder,
                               std::vector<std::string> endpoints);
/// `cresset partner export`: writes our introduction, which holds nothing secret.
partner_outcome export_introduction(const std::filesystem::path& folder,
                                    const std::filesystem::path& to);
/// `cresset partner import`: shows what the file says and pins it once the fingerprint was
/// confirmed. `ask` is given the text to show and answers the fingerprint as the operator heard it;
/// it is not called for a newer record of a pinned partner.
partner_outcome import_introduction(const std::filesystem::path& file,
                                    const std::filesystem::path& partners,
                                    const std::function<std::string(const std::string&)>& ask);
/// `cresset partner list`: the pinned partners.
partner_outcome list_partners(const std::filesystem::path& partners);

/// Adds `cresset partner`. When it is chosen and parsing is done, `exit_code` is set.
void add_partner(CLI::App& app, int& exit_code);

} // namespace cresset::appliance::cli

#pragma once

#include "coord/casework/repository.hpp"

#include <pqxx/pqxx>

#include <span>

namespace cresset::coord::store::casework {

incident::result<coord::casework::attachment>
add_attachment(pqxx::work& t, const coord::casework::attachment& what,
               std::span<const std::byte> bytes, incident::user_id by, timestamp at);
std::vector<coord::casework::attachment> attachments_of(pqxx::work& t, incident::incident_id id,
                                                        std::int64_t after, int limit);
incident::result<coord::casework::repository::content>
attachment_content(pqxx::work& t, coord::casework::attachment_id id);
incident::result<coord::casework::attachment> remove_attachment(pqxx::work& t,
                                                                coord::casework::attachment_id id,
                                                                const std::string& why,
                                                                incident::user_id by, timestamp at);

} // namespace cresset::coord::store::casework

import type { Deps } from '../../deps.ts';
import { SavedViewsController } from './saved-views.controller.ts';
import { createSavedViews as createService } from './saved-views.service.ts';

export { savedViewModel } from './saved-views.model.ts';

/** Filters, columns and order of a list under a name. */
export const createSavedViews = (deps: Deps) => ({ controllers: [new SavedViewsController(createService(deps))] });

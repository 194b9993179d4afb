"""The pages: one module of views and one template each. Views translate; they decide nothing."""
